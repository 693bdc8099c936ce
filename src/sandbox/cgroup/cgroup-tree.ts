import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOwner, type Owner } from '../owner.ts';
import type { Hierarchies } from './hierarchies.ts';

/** Our subtree of every hierarchy: `thaw/<owner>/<sandbox>`. Nothing else is touched. */
const root = 'thaw';

/** How long killed processes may take to vanish: the kernel may have much memory to give back first. */
const vanishMs = 20_000;

/** The mount points a sandbox needs a group in. */
export function neededMounts(hierarchies: Hierarchies): string[] {
  const mounts = [...hierarchies.home.values()].map(({ mount }) => mount);
  for (const mount of [hierarchies.v2, hierarchies.v1Freezer]) if (mount !== undefined) mounts.push(mount);
  return [...new Set(mounts)];
}

export function groupPath(mount: string, owner: Owner, sandboxId = ''): string {
  return join(mount, root, owner, sandboxId);
}

/**
 * Makes `thaw/<owner>` in every hierarchy and hands the controllers down to it.
 * @throws where a v2 tree does not let its controllers be handed down.
 */
export function makeOwnerGroups(hierarchies: Hierarchies, owner: Owner): void {
  for (const mount of neededMounts(hierarchies)) mkdirSync(groupPath(mount, owner), { recursive: true });
  const { v2 } = hierarchies;
  const wanted = [...hierarchies.home]
    .filter(([, home]) => home.version === 'v2')
    .map(([name]) => `+${name}`);
  if (v2 === undefined || wanted.length === 0) return;
  for (const path of [v2, join(v2, root), groupPath(v2, owner)]) {
    const file = join(path, 'cgroup.subtree_control');
    try {
      writeFileSync(file, wanted.join(' '));
    } catch (error) {
      throw new Error(
        `${file} refuses ${wanted.join(' ')} (${(error as NodeJS.ErrnoException).code}): where Thaw runs in a container ` +
          `with a cgroup tree of its own, move the container's processes out of its root group first.`,
        { cause: error },
      );
    }
  }
}

/** Owners that have groups. */
export function groupOwners(hierarchies: Hierarchies): Owner[] {
  const owners = hierarchies.mounts.flatMap((mount) => directoriesOf(join(mount, root)));
  return [...new Set(owners)].filter(isOwner);
}

export function sandboxesOf(hierarchies: Hierarchies, owner: Owner): string[] {
  return [...new Set(hierarchies.mounts.flatMap((mount) => directoriesOf(groupPath(mount, owner))))];
}

/** PIDs (the host's) of what runs in a sandbox's groups. */
export function processesOf(hierarchies: Hierarchies, owner: Owner, sandboxId: string): number[] {
  const pids = hierarchies.mounts.flatMap((mount) => readPids(groupPath(mount, owner, sandboxId)));
  return [...new Set(pids)];
}

/**
 * Kills everything in a sandbox's groups, frozen or not, and waits until it is gone.
 * @throws where a process does not vanish in time.
 */
export async function killGroup(hierarchies: Hierarchies, owner: Owner, sandboxId: string): Promise<void> {
  const v2 = hierarchies.v2 === undefined ? undefined : groupPath(hierarchies.v2, owner, sandboxId);
  const v1Freezer = hierarchies.v1Freezer && groupPath(hierarchies.v1Freezer, owner, sandboxId);
  const deadlineMs = performance.now() + vanishMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 20)) {
    // One write kills all of a v2 group, forks in flight included, frozen or not.
    if (v2 === undefined || !tryWrite(join(v2, 'cgroup.kill'), '1')) {
      if (v2 !== undefined) tryWrite(join(v2, 'cgroup.freeze'), '0');
    }
    const pids = processesOf(hierarchies, owner, sandboxId);
    // Also what is in some of the groups only: a runtime on its way in. PID 1's death ends a fork bomb.
    for (const pid of pids) tryKill(pid);
    if (v1Freezer !== undefined) tryWrite(join(v1Freezer, 'freezer.state'), 'THAWED');
    if (pids.length === 0) return;
    if (performance.now() > deadlineMs)
      throw new Error(
        `Sandbox ${sandboxId}: processes ${pids.slice(0, 10).join(', ')} did not vanish within ${vanishMs} ms of SIGKILL; ` +
          'the next start of Thaw tries again.',
      );
    await sleep(pauseMs);
  }
}

/** Removes a sandbox's groups in every hierarchy, with those a runtime made below. They must be empty. */
export async function removeGroup(hierarchies: Hierarchies, owner: Owner, sandboxId: string): Promise<void> {
  for (const mount of hierarchies.mounts) await removeTree(groupPath(mount, owner, sandboxId));
}

/** Removes `thaw/<owner>`, and `thaw` if nobody else is there. Its sandboxes' groups must be gone. */
export async function removeOwnerGroups(hierarchies: Hierarchies, owner: Owner): Promise<void> {
  for (const mount of hierarchies.mounts) {
    await removeTree(groupPath(mount, owner));
    if (directoriesOf(join(mount, root)).length === 0) tryRemove(join(mount, root));
  }
}

async function removeTree(path: string): Promise<void> {
  const deadlineMs = performance.now() + vanishMs;
  for (const name of directoriesOf(path)) await removeTree(join(path, name));
  // A group stays busy for a moment after its last process is gone.
  for (let pauseMs = 1; !tryRemove(path); pauseMs = Math.min(pauseMs * 2, 20)) {
    if (performance.now() > deadlineMs)
      throw new Error(`The control group ${path} stays busy; is a process in it?`);
    await sleep(pauseMs);
  }
}

function tryRemove(path: string): boolean {
  try {
    rmdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    if (code === 'EBUSY' || code === 'ENOTEMPTY') return false;
    throw error;
  }
  return true;
}

function tryWrite(file: string, text: string): boolean {
  try {
    writeFileSync(file, text);
    return true;
  } catch {
    // An older kernel has no such file, or the group is gone: the caller has another way.
    return false;
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readPids(path: string): number[] {
  try {
    const pids = readFileSync(join(path, 'cgroup.procs'), 'latin1')
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0);
    return [...pids, ...directoriesOf(path).flatMap((name) => readPids(join(path, name)))];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENODEV') return [];
    throw error;
  }
}

function directoriesOf(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
