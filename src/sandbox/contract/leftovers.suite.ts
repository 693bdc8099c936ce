import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withMachineLock } from '../machine-lock.ts';
import { openSandboxHost } from '../open-sandbox-host.ts';
import { cacheDirectory } from '../places.ts';
import { type SandboxBench, untilOutput } from './sandbox-bench.ts';

const holder = fileURLToPath(new URL('./holder.ts', import.meta.url));

/** Everything in the system that carries an owner's name, and processes of sandbox users in its groups. */
function tracesOf(pid: number, stateDir: string): string[] {
  const traces: string[] = [];
  const mine = (name: string): boolean => name.startsWith(`${pid}-`);
  for (const path of ['', ...list('/sys/fs/cgroup')].map((name) => join('/sys/fs/cgroup', name, 'thaw')))
    traces.push(
      ...list(path)
        .filter(mine)
        .map((name) => join(path, name)),
    );
  for (const path of [join(stateDir, 'owners'), join(cacheDirectory(), 'ephemeral-storage')])
    traces.push(
      ...list(path)
        .filter(mine)
        .map((name) => join(path, name)),
    );
  const bridge = bridgeOf(pid);
  if (bridge !== undefined) traces.push(`bridge ${bridge}`);
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n'))
    if (line.includes(`/${pid}-`)) traces.push(`mount ${line}`);
  for (const name of list('/sys/block').filter((name) => name.startsWith('loop')))
    if (contentOf(`/sys/block/${name}/loop/backing_file`).includes(`/${pid}-`)) traces.push(name);
  for (const name of list('/proc').filter((name) => /^\d+$/.test(name))) {
    // What is dead and only waits for the host's init has nothing any more.
    const dead = /^State:\s+Z/m.test(contentOf(`/proc/${name}/status`));
    if (!dead && contentOf(`/proc/${name}/cgroup`).includes(`/thaw/${pid}-`)) traces.push(`process ${name}`);
  }
  return traces;
}

function bridgeOf(pid: number): string | undefined {
  return list('/sys/class/net')
    .filter((name) => /^thaw\d+$/.test(name))
    .find((name) => contentOf(`/sys/class/net/${name}/ifalias`).startsWith(`${pid}-`));
}

/** Empty where there is no such directory, or it goes while we look: what others have comes and goes all the time. */
function list(path: string): string[] {
  return unlessGone(() => readdirSync(path)) ?? [];
}

function contentOf(path: string): string {
  return unlessGone(() => readFileSync(path, 'utf8')) ?? '';
}

function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/**
 * Links, namespaces and tables of one bridge by what the kernel never uses twice: another Thaw of this machine may
 * take the same names a moment later.
 */
function networkTraces(bridge: string): string[] {
  const named = (name: string): boolean => name === bridge || name.startsWith(`${bridge}-`);
  const links = list('/sys/class/net')
    .filter(named)
    .map((name) => `link ${contentOf(`/sys/class/net/${name}/ifindex`).trim()}`);
  const namespaces = list('/run/netns')
    .filter(named)
    .map((name) => `namespace ${statSync(`/run/netns/${name}`, { throwIfNoEntry: false })?.ino}`);
  const { nftables } = JSON.parse(execFileSync('nft', ['-j', 'list', 'tables']).toString()) as {
    nftables: { table?: { name: string; handle: number } }[];
  };
  const tables = nftables
    .filter(({ table }) => table?.name === bridge)
    .map(({ table }) => `table ${table?.handle}`);
  return [...links, ...namespaces, ...tables];
}

async function untilNone(look: () => string[]): Promise<void> {
  for (let i = 0; i < 3000 && look().length > 0; i += 1) await sleep(10);
  assert.deepEqual(look(), []);
}

export function leftoversSuite(bench: SandboxBench): void {
  describe('leftovers', () => {
    test('what a killed Thaw left is reaped by the next one; a live one is not touched', async () => {
      const bystander = await bench.booted();
      const child = spawn(process.execPath, [holder, bench.stateDir, bench.driver], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const pid = child.pid ?? 0;
      await untilOutput(child.stdout, 'holding');
      const bridge = bridgeOf(pid) ?? '';
      // Under the lock any other Thaw that starts or ends meanwhile has to wait with reaping them itself.
      const network = await withMachineLock(async () => {
        child.kill('SIGKILL');
        await once(child, 'exit');
        assert.notDeepEqual(tracesOf(pid, bench.stateDir), []);
        return networkTraces(bridge);
      });
      // Bridge and table, and a link and a namespace of each of the three; the one being opened may have them or not.
      assert.ok(network.length >= 8, String(network));

      const next = await openSandboxHost({ stateDir: bench.stateDir, driver: bench.driver });
      // The loop devices follow their mounts a moment later.
      await untilNone(() => tracesOf(pid, bench.stateDir));
      assert.deepEqual((await bench.sh(bystander, 'echo kept > /tmp/x; cat /tmp/x')).output, 'kept\n');
      await next.close();
      const left = networkTraces(bridge).filter((trace) => network.includes(trace));
      assert.deepEqual(left, []);
      assert.deepEqual((await bench.sh(bystander, 'exit 3')).status, { code: 3 });
      await bystander.close();
    });

    test('killed at any moment: the next start reaps whatever was half made', async () => {
      for (const afterMs of [130, 160, 190, 220, 250, 280, 310, 340]) {
        const child = spawn(process.execPath, [holder, bench.stateDir, bench.driver], {
          stdio: ['pipe', 'ignore', 'inherit'],
        });
        await sleep(afterMs);
        child.kill('SIGKILL');
        await once(child, 'exit');
        await (await openSandboxHost({ stateDir: bench.stateDir, driver: bench.driver })).close();
        await untilNone(() => tracesOf(child.pid ?? 0, bench.stateDir));
      }
    });

    test('a closed host leaves nothing, and is closed once', async () => {
      const directory = `${bench.stateDir}-3`;
      const host = await openSandboxHost({ stateDir: directory, driver: bench.driver });
      const sandbox = await host.open(bench.spec());
      await sandbox.boot();
      const { output, exited } = await sandbox.start(bench.shell('echo up; exec sleep 9999'));
      await untilOutput(output, 'up');
      sandbox.freeze();
      const opening = host.open(bench.spec());
      await Promise.all([host.close(), host.close(), opening]);
      assert.deepEqual(await exited, { signal: 'SIGKILL' });
      await assert.rejects(host.open(bench.spec()), /is closed/);
      const owners = readdirSync(join(directory, 'owners'));
      assert.deepEqual(owners, []);
      const left = readFileSync('/proc/self/mountinfo', 'utf8')
        .split('\n')
        .filter((line) => line.includes(directory));
      assert.deepEqual(left, []);
    });
  });
}
