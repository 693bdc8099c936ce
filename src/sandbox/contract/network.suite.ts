import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { Server } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Sandbox, SandboxHost } from '../driver.ts';
import { openSandboxHost } from '../open-sandbox-host.ts';
import type { OutsideHost } from './outside-host.ts';
import { listen, type SandboxBench, untilOutput } from './sandbox-bench.ts';

/** Dropped without an answer, or no way there. A refusal would mean that somebody was reached. */
const unreachable = /silence|No route to host|Network is unreachable/;
/** An answer comes, however slow the machine; silence has to be given a time. */
const [answerS, silenceS] = [30, 1];

export function networkSuite(bench: SandboxBench, outside: OutsideHost): void {
  describe('network', () => {
    let open: Sandbox;
    let shut: Sandbox;
    const servers: Server[] = [];
    before(async () => {
      [open, shut] = await Promise.all([bench.booted(), bench.booted({ egress: false })]);
    });
    after(async () => {
      for (const server of servers) server.close();
      await Promise.all([open.close(), shut.close()]);
    });

    /** What a process in `from` reads from there in that time; `silence` if it is not even refused. */
    const reach = async (from: Sandbox, host: string, port: number, withinS = answerS): Promise<string> => {
      const script = `timeout ${withinS} bash -c 'cat < /dev/tcp/${host}/${port}' 2>&1; [ $? != 124 ] || echo silence`;
      return (await bench.sh(from, script)).output.trim();
    };
    const assertUnreachable = async (from: Sandbox, host: string, port: number): Promise<void> =>
      assert.match(await reach(from, host, port, silenceS), unreachable);
    const serve = async (host: string, port = 0): Promise<number> => {
      const listening = await listen(host, port);
      servers.push(listening.server);
      return listening.port;
    };

    test('the inner APIs are reached, and told the sandbox by its address', async () => {
      const { host, port } = bench.host.innerApi;
      await serve(host, port);
      for (const sandbox of [open, shut])
        assert.equal(await reach(sandbox, host, port), `from ${sandbox.address}`);
      assert.notEqual(open.address, shut.address);
    });

    test('no other port of the host is reached, by any of its addresses', async () => {
      const port = await serve('0.0.0.0');
      const addresses = [bench.host.innerApi.host, outside.hostAddress, ...outside.hostAddresses()];
      await Promise.all(
        addresses.flatMap((address) => [open, shut].map((from) => assertUnreachable(from, address, port))),
      );
    });

    test('two sandboxes bind the same port, and do not reach each other', async () => {
      const script = `require('node:net').createServer((s) => s.end('hello')).listen(8080, '0.0.0.0', () => console.log('up'))`;
      const listeners = await Promise.all([open, shut].map((sandbox) => sandbox.start(bench.node(script))));
      await Promise.all(listeners.map(({ output }) => untilOutput(output, 'up')));
      assert.equal(await reach(open, 'sandbox.localdomain', 8080), 'hello');
      await assertUnreachable(open, shut.address, 8080);
      await assertUnreachable(shut, open.address, 8080);
      // The host, which will deliver telemetry, does.
      assert.equal(await connectFromHost(open.address, 8080), 'hello');
      for (const { signal, exited } of listeners) {
        signal('SIGKILL');
        await exited;
      }
    });

    test('the world outside is reached with egress only, by IPv4 only, and sees the host', async () => {
      assert.equal(await reach(open, outside.address, outside.port), `from ${outside.hostAddress}`);
      assert.match(await reach(shut, outside.address, outside.port), /Network is unreachable/);
      const { output } = await bench.sh(open, 'cat /proc/net/if_inet6');
      assert.doesNotMatch(output, /eth0/);
    });

    test('link-local addresses outside, such as cloud metadata, are not reached', async () => {
      await assertUnreachable(open, outside.linkLocalAddress, outside.port);
    });

    test('the world outside reaches no sandbox, nor through the host', async () => {
      const script = `require('node:net').createServer((s) => s.end('hello')).listen(8081, '0.0.0.0', () => console.log('up'))`;
      const listener = await open.start(bench.node(script));
      await untilOutput(listener.output, 'up');
      const { host, port } = bench.host.innerApi;
      outside.route(`${host.replace(/1$/, '0')}/22`);
      assert.equal(outside.connects(open.address, 8081), false);
      assert.equal(outside.connects(host, port), false);
      listener.signal('SIGKILL');
      await listener.exited;
    });

    test('another Thaw on this machine is out of reach', async () => {
      const neighbour = await openSandboxHost({ stateDir: `${bench.stateDir}-2`, driver: bench.driver });
      try {
        assert.notEqual(neighbour.innerApi.host, bench.host.innerApi.host);
        await serve(neighbour.innerApi.host, neighbour.innerApi.port);
        await assertUnreachable(open, neighbour.innerApi.host, neighbour.innerApi.port);
        await withBooted(bench, neighbour, async (theirs) => {
          await assertUnreachable(open, theirs.address, 8080);
          assert.equal(
            await reach(theirs, neighbour.innerApi.host, neighbour.innerApi.port),
            `from ${theirs.address}`,
          );
        });
      } finally {
        await neighbour.close();
      }
    });
  });
}

async function withBooted(
  bench: SandboxBench,
  host: SandboxHost,
  work: (sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const sandbox = await host.open(bench.spec());
  await sandbox.boot();
  await work(sandbox);
  await sandbox.close();
}

async function connectFromHost(host: string, port: number): Promise<string> {
  const script = `require('node:net').connect(${port}, '${host}').on('data', (d) => console.log(String(d)))`;
  return execFileSync(process.execPath, ['-e', script], { timeout: answerS * 1000 })
    .toString()
    .trim();
}
