import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { groupOwners, killGroup, removeGroup, removeOwnerGroups, sandboxesOf } from './cgroup/cgroup-tree.ts';
import { findHierarchies, type Hierarchies } from './cgroup/hierarchies.ts';
import { runCommand } from './command.ts';
import { imageDirectory, imageOwners } from './ephemeral-storage/ephemeral-storage.ts';
import { ownerDirectory, ownersDirectoryName } from './ground.ts';
import { endCommandsOf } from './host-commands.ts';
import { mountsWithin, unmount } from './host-mounts.ts';
import { withMachineLock } from './machine-lock.ts';
import { listBridges } from './network/bridge.ts';
import { removeBridgeNetworks } from './network/environment-network.ts';
import { closeForwarding, listFirewalls, removeFirewalls } from './network/firewall.ts';
import { namespaceBridges } from './network/namespaces.ts';
import { isAlive, isOwner, type Owner } from './owner.ts';
import { findPlaces, type Places } from './places.ts';

/** For the directories of hundreds of sandboxes, on a slow disk. */
const removalMs = 120_000;

/**
 * As `openSandboxHost` does unless it is told not to: for whoever has better to do first.
 *
 * @param signal gives up waiting for other Thaws of this machine; what has begun is finished.
 * @throws where something cannot be cleared away, or `signal` is aborted before it begins; the next start tries again.
 */
export function clearLeftovers(signal?: AbortSignal): Promise<void> {
  return withMachineLock(() => reapLeftovers(findPlaces(), findHierarchies()), signal && { signal });
}

/**
 * Removes what Thaw processes that are gone left behind: processes (frozen ones too), control groups, mounts, loop
 * devices, network namespaces, cables, bridges, tables, directories. What belongs to a live one is not touched.
 * To be called under the machine lock, by which nobody is half way through making something.
 */
export async function reapLeftovers(places: Places, hierarchies: Hierarchies): Promise<void> {
  const owners = [
    ...groupOwners(hierarchies),
    ...directoryOwners(places),
    ...mountOwners(),
    ...imageOwners(places.cacheDir),
  ];
  const dead = [...new Set(owners)].filter((owner) => !isAlive(owner));
  await endCommandsOf(dead);
  for (const owner of dead) await removeProcessesAndFiles(places, hierarchies, owner);
  await reapNetworks();
}

/** Removes everything of one owner, its sandboxes included. To be called under the machine lock. */
export async function removeOwner(places: Places, hierarchies: Hierarchies, owner: Owner): Promise<void> {
  await removeProcessesAndFiles(places, hierarchies, owner);
  const bridges = listBridges().filter((bridge) => bridge.owner === owner || bridge.owner === '');
  // Without one there is no network of this owner, and perhaps no program to ask for any.
  if (bridges.length === 0) return;
  for (const { number } of bridges) await removeBridgeNetworks(number);
  await reapNetworks();
}

async function removeProcessesAndFiles(
  places: Places,
  hierarchies: Hierarchies,
  owner: Owner,
): Promise<void> {
  // All at once: most of the time goes by while the kernel gives their memory back.
  const removals = sandboxesOf(hierarchies, owner).map(async (id) => {
    await killGroup(hierarchies, owner, id);
    await removeGroup(hierarchies, owner, id);
  });
  await allDone(removals);
  await removeOwnerGroups(hierarchies, owner);
  const directory = ownerDirectory(places, owner);
  // A dead Thaw may have had another state directory; what it mounted there holds a loop device.
  await unmount(mountsWithin(join(ownersDirectoryName, owner)));
  // A command, because there may be thousands of files, and this process has others to serve.
  const directories = [directory, imageDirectory(places.cacheDir, owner)];
  await runCommand('rm', ['-rf', '--one-file-system', ...directories], { timeoutMs: removalMs });
}

/** Rejects with the first failure, but only when nothing of it goes on any more. */
async function allDone(work: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}

/** Bridges without a live owner, networks without a bridge, tables without a bridge. */
async function reapNetworks(): Promise<void> {
  const bridges = listBridges();
  const live = bridges.filter(({ owner }) => owner !== '' && isAlive(owner)).map(({ number }) => number);
  const gone = new Set([...bridges.map(({ number }) => number), ...namespaceBridges()]);
  for (const number of live) gone.delete(number);
  for (const number of gone) await removeBridgeNetworks(number);
  const firewalls = await listFirewalls();
  // Last: until a bridge is gone its rules stay.
  await removeFirewalls(firewalls.numbers.filter((number) => !live.includes(number)));
  if (firewalls.shared && live.length === 0) await closeForwarding();
}

function directoryOwners({ stateDir }: Places): Owner[] {
  const directory = join(stateDir, ownersDirectoryName);
  return existsSync(directory) ? readdirSync(directory).filter(isOwner) : [];
}

function mountOwners(): Owner[] {
  return mountsWithin(ownersDirectoryName).flatMap((path) => path.split('/').filter(isOwner));
}
