import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
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
    withMachineLock(() => openFirewall(block, { innerApiPort: 9001, nameServers }));
  /** What is read there within a second by a process in the environment's network; nothing if it is dropped. */
  const ask = async (protocol: 'tcp' | 'udp', to: number): Promise<string> => {
    const script = `exec 3<>/dev/${protocol}/${server}/${to} && echo name >&3 && dd bs=100 count=1 status=none <&3`;
    const args = ['netns', 'exec', inside, 'timeout', '1', 'bash', '-c', script];
    const { stdout } = await promisify(execFile)('ip', args).catch((error) => error as { stdout: string });
    return stdout;
  };

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
