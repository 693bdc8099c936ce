import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { findHierarchies } from '../cgroup/hierarchies.ts';
import { OutsideHost } from '../contract/outside-host.ts';
import { removeOwner } from '../leftovers.ts';
import { withMachineLock } from '../machine-lock.ts';
import { newOwner } from '../owner.ts';
import { findPlaces } from '../places.ts';
import { openBridge } from './bridge.ts';
import { environmentNetwork, openEnvironmentNetwork } from './environment-network.ts';
import { openFirewall } from './firewall.ts';

/** An answer comes, however slow the machine; silence has to be given a time. */
const [answerS, silenceS] = [30, 1];

test('of a link-local name server port 53 is reached, and nothing else; of others nothing at all', async (t) => {
  const outside = new OutsideHost();
  await outside.open();
  t.after(() => outside.close());
  const owner = newOwner();
  const block = await withMachineLock(() => openBridge(owner));
  assert.ok(block);
  t.after(() => withMachineLock(() => removeOwner(findPlaces(), findHierarchies(), owner)));
  const { linkLocalAddress: server, nameServerPort, port } = outside;
  const inside = basename(environmentNetwork(block, 0).namespacePath);
  const allow = (...nameServers: string[]) =>
    withMachineLock(() => openFirewall(block, { ports: [9001], nameServers }));
  /** What is read there by a process in the environment's network. */
  const ask = (protocol: 'tcp' | 'udp', to: number, withinS: number): Promise<string> =>
    readThere(
      inside,
      `exec 3<>/dev/${protocol}/${server}/${to} && echo name >&3 && dd bs=100 count=1 status=none <&3`,
      withinS,
    );

  await allow(server);
  await openEnvironmentNetwork(block, 0, true);
  const greeting = `from ${outside.hostAddress}`;
  assert.deepEqual(
    await Promise.all([
      ask('tcp', nameServerPort, answerS),
      ask('udp', nameServerPort, answerS),
      ask('tcp', port, silenceS),
    ]),
    [greeting, greeting, ''],
  );
  await allow('169.254.250.250');
  const refused = [ask('tcp', nameServerPort, silenceS), ask('udp', nameServerPort, silenceS)];
  assert.deepEqual(await Promise.all(refused), ['', '']);
});

test("of the bridge's address the ports that were opened are reached, and no other", async (t) => {
  const owner = newOwner();
  const block = await withMachineLock(() => openBridge(owner));
  assert.ok(block);
  t.after(() => withMachineLock(() => removeOwner(findPlaces(), findHierarchies(), owner)));
  for (const port of [9001, 9002, 9003]) {
    const server = createServer((socket) => socket.on('error', () => {}).end(String(port)));
    server.listen(port, block.bridge);
    await once(server, 'listening');
    t.after(() => server.close());
  }
  const inside = basename(environmentNetwork(block, 0).namespacePath);
  /** What is read at a port. */
  const read = (port: number, withinS: number) =>
    readThere(inside, `exec 3<>/dev/tcp/${block.bridge}/${port} && cat <&3`, withinS);
  const open = (ports: number[]) => withMachineLock(() => openFirewall(block, { ports, nameServers: [] }));

  await open([9001, 9002]);
  await openEnvironmentNetwork(block, 0, true);
  const first = [read(9001, answerS), read(9002, answerS), read(9003, silenceS)];
  assert.deepEqual(await Promise.all(first), ['9001', '9002', '']);
  await open([9001]);
  assert.deepEqual(await Promise.all([read(9001, answerS), read(9002, silenceS)]), ['9001', '']);
});

test('an interface that goes while the way through it is opened is let go', async (t) => {
  const owner = newOwner();
  const block = await withMachineLock(() => openBridge(owner));
  t.after(() => withMachineLock(() => removeOwner(findPlaces(), findHierarchies(), owner)));
  const name = `thawgone${process.pid}`.slice(0, 15);
  const ip = (...args: string[]) => execFileSync('ip', args);
  await withMachineLock(async () => {
    ip('link', 'add', name, 'type', 'bridge');
    try {
      ip('link', 'set', name, 'up');
      ip('route', 'add', '192.0.2.1/32', 'dev', name, 'metric', String(process.pid));
      writeFileSync(`/proc/sys/net/ipv4/conf/${name}/forwarding`, '0');
    } catch (error) {
      ip('link', 'del', name);
      throw error;
    }
    // It has looked at the routes by the time it returns, and waits for its first command.
    const opening = openFirewall(block!, { ports: [9001], nameServers: [] });
    ip('link', 'del', name);
    await opening;
  });
});

/** What a script prints in that time, as a process in that network namespace. */
async function readThere(namespace: string, script: string, withinS: number): Promise<string> {
  const args = ['netns', 'exec', namespace, 'timeout', String(withinS), 'bash', '-c', script];
  const { stdout } = await promisify(execFile)('ip', args).catch((error) => error as { stdout: string });
  return stdout;
}
