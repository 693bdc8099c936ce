import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** For an end that is still under way, on a machine that is busy with other tests. */
const patienceMs = 30_000;

/**
 * Sees that nothing is left on this host of a Thaw process that has ended: processes that carry the marker, if any, in
 * their environment, and whatever carries the PID in its name: control groups, mounts, loop devices, directories, links; and
 * network namespaces and packet filter tables that no link belongs to any more.
 */
export async function expectNothingLeft(pid: number, marker?: string): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  const look = () => [...(marker === undefined ? [] : processesWith(marker)), ...madeBy(pid)];
  let left = look();
  while (left.length > 0 && performance.now() < deadlineMs) {
    await sleep(50);
    left = look();
  }
  // Only now: while its bridge was there, what is on it was nobody's stray. Other runs come and go meanwhile, and what is
  // half made by them belongs to nobody for a moment. What is nobody's at every look was left.
  let strays = strayNetworks();
  while (strays.length > 0 && performance.now() < deadlineMs) {
    await sleep(50);
    const present = strayNetworks();
    strays = strays.filter((stray) => present.includes(stray));
  }
  left.push(...strays);
  assert.deepEqual(left, [], `thaw (PID ${pid}) left something behind`);
}

/** What carries a Thaw process's PID in its name, the process being alive or not. */
export function madeBy(pid: number): string[] {
  const owned = new RegExp(`/${pid}-\\d+-\\d+(/|$)`);
  return [
    ...controlGroups(pid),
    ...mounts(owned),
    ...loopDevices(owned),
    ...directories(pid),
    ...bridges().flatMap(({ name, owner }) => (owner.startsWith(`${pid}-`) ? [`bridge ${name}`] : [])),
  ];
}

export function processesWith(marker: string): string[] {
  return names('/proc')
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(marker))
    .map((name) => `process ${name}: ${read(`/proc/${name}/cmdline`).replaceAll('\0', ' ')}`);
}

function controlGroups(pid: number): string[] {
  const hierarchies = mountPoints().filter(({ type }) => type.startsWith('cgroup'));
  return hierarchies.flatMap(({ target }) => ownedBy(pid, path.join(target, 'thaw')));
}

function mounts(owned: RegExp): string[] {
  return mountPoints()
    .filter(({ target }) => owned.test(target))
    .map(({ target }) => `mount ${target}`);
}

function loopDevices(owned: RegExp): string[] {
  return names('/sys/block')
    .filter((name) => owned.test(read(`/sys/block/${name}/loop/backing_file`)))
    .map((name) => `loop device ${name}`);
}

function directories(pid: number): string[] {
  const cache = process.env.XDG_CACHE_HOME || '/var/cache';
  return [`${process.env.THAW_STATE_DIR ?? '/run/thaw'}/owners`, `${cache}/thaw/ephemeral-storage`].flatMap(
    (directory) => ownedBy(pid, directory),
  );
}

/** Links, network namespaces and packet filter tables whose bridge is gone. */
function strayNetworks(): string[] {
  const present = bridges().map(({ name }) => name);
  const named = [...names('/sys/class/net'), ...names('/run/netns')].filter((name) =>
    /^thaw\d+-\d+$/.test(name),
  );
  const strays = named.filter((name) => !present.includes(name.replace(/-\d+$/, '')));
  const listed = execFileSync('nft', ['list', 'tables'], { encoding: 'utf8' });
  const tables = [...listed.matchAll(/^table inet (thaw\d+)$/gm)].map(([, name]) => name!);
  return [
    ...strays.map((name) => `link or network namespace ${name}`),
    ...tables.filter((name) => !present.includes(name)).map((name) => `nftables table ${name}`),
  ];
}

function bridges(): { name: string; owner: string }[] {
  return names('/sys/class/net')
    .filter((name) => /^thaw\d+$/.test(name))
    .map((name) => ({ name, owner: read(`/sys/class/net/${name}/ifalias`) }));
}

function ownedBy(pid: number, directory: string): string[] {
  return names(directory)
    .filter((name) => name.startsWith(`${pid}-`))
    .map((name) => `directory ${path.join(directory, name)}`);
}

function mountPoints(): { target: string; type: string }[] {
  return read('/proc/self/mountinfo')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ target: line.split(' ')[4]!, type: line.split(' - ')[1]!.split(' ')[0]! }));
}

/** Empty where there is no such directory, or none any more. */
function names(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Empty where the file is gone or belongs to a process that is. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
