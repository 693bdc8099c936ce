import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findHierarchies } from './cgroup/hierarchies.ts';
import { runCommand } from './command.ts';
import { clearLeftovers, removeOwner } from './leftovers.ts';
import { withMachineLock } from './machine-lock.ts';
import { blockNumbers } from './network/address-block.ts';
import { bridgeName, listBridges, openBridge } from './network/bridge.ts';
import { namespaceBridges } from './network/namespaces.ts';
import { openSandboxHost } from './open-sandbox-host.ts';
import { newOwner } from './owner.ts';
import { findPlaces } from './places.ts';

/** Nobody has this name: its process would have started in the same tick as the machine. */
const dead = '1-0-1';

test('where the dead hold every block of addresses, one is freed', async (t) => {
  t.after(() => clearLeftovers());
  await withMachineLock(takeAllBlocks);
  const host = await openSandboxHost({ clearsLeftovers: false });
  await host.close();
});

test('a block of which a network is left is not taken', async (t) => {
  t.after(() => clearLeftovers());
  const owner = newOwner();
  t.after(() => withMachineLock(() => removeOwner(findPlaces(), findHierarchies(), owner)));
  await withMachineLock(async () => {
    const [number] = freeBlocks();
    await runIp(`netns add ${bridgeName(number!)}-0`);
    assert.notEqual((await openBridge(owner))?.number, number);
  });
});

async function takeAllBlocks(): Promise<void> {
  const names = freeBlocks().map(bridgeName);
  await runIp(
    ...names.flatMap((name) => [`link add name ${name} type bridge`, `link set dev ${name} alias ${dead}`]),
  );
}

function freeBlocks(): number[] {
  const taken = [...listBridges().map(({ number }) => number), ...namespaceBridges()];
  return blockNumbers.filter((number) => !taken.includes(number));
}

async function runIp(...commands: string[]): Promise<void> {
  await runCommand('ip', ['-batch', '-'], { input: commands.map((command) => `${command}\n`).join('') });
}
