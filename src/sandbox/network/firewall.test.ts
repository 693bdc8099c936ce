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

test('of a link-local name server port 53 is reached, and nothing else; of others nothing at all', async (t) => {
  const outside = new OutsideHost();
  await outside.open();
  t.after(() => outside.close());
  const owner = newOwner();
  const block = await withMachineLock(() => openBridge(owner));
  t.after(() => withMachineLock(() => removeOwner(findPlaces(), findHierarchies(), owner)));
  const { linkLocalAddress: server, nameServerPort, port } = outside;
  const inside = basename(environmentNetwork(block, 0).namespacePath);
  const allow = (...nameServers: string[]) =>
    withMachineLock(() => openFirewall(block, { ports: [9001], nameServers }));
  /** What is read there within a second by a process in the environment's network; nothing if it is dropped. */
  const ask = (protocol: 'tcp' | 'udp', to: number): Promise<string> =>
    readThere(
      inside,
      `exec 3<>/dev/${protocol}/${server}/${to} && echo name >&3 && dd bs=100 count=1 status=none <&3`,
    );

  await allow(server);
  await openEnvironmentNetwork(block, 0, true);
  const greeting = `from ${outside.hostAddress}`;
  assert.deepEqual(
    await Promise.all([ask('tcp', nameServerPort), ask('udp', nameServerPort), ask('tcp', port)]),
    [greeting, greeting, ''],
  );
  await allow('169.254.250.250');
  assert.deepEqual(await Promise.all([ask('tcp', nameServerPort), ask('udp', nameServerPort)]), ['', '']);
});

test("of the bridge's address the ports that were opened are reached, and no other", async (t) => {
  const owner = newOwner();
  const block = await withMachineLock(() => openBridge(owner));
  t.after(() => withMachineLock(() => removeOwner(findPlaces(), findHierarchies(), owner)));
  for (const port of [9001, 9002, 9003]) {
    const server = createServer((socket) => socket.on('error', () => {}).end(String(port)));
    server.listen(port, block.bridge);
    await once(server, 'listening');
    t.after(() => server.close());
  }
  const inside = basename(environmentNetwork(block, 0).namespacePath);
  /** What is read at each port; nothing where it is not reached within a second. */
  const read = (port: number) => readThere(inside, `exec 3<>/dev/tcp/${block.bridge}/${port} && cat <&3`);
  const open = (ports: number[]) => withMachineLock(() => openFirewall(block, { ports, nameServers: [] }));

  await open([9001, 9002]);
  await openEnvironmentNetwork(block, 0, true);
  assert.deepEqual(await Promise.all([9001, 9002, 9003].map(read)), ['9001', '9002', '']);
  await open([9001]);
  assert.deepEqual(await Promise.all([9001, 9002].map(read)), ['9001', '']);
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
    const opening = openFirewall(block, { ports: [9001], nameServers: [] });
    ip('link', 'del', name);
    await opening;
  });
});

/** What a script prints within a second, as a process in that network namespace. */
async function readThere(namespace: string, script: string): Promise<string> {
  const args = ['netns', 'exec', namespace, 'timeout', '1', 'bash', '-c', script];
  const { stdout } = await promisify(execFile)('ip', args).catch((error) => error as { stdout: string });
  return stdout;
}
