import { readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LogStoreLimits } from '../../domain/limits.ts';
import { listSegments, segmentPath } from './layout.ts';

/** An open segment that nobody wrote to for this long counts as left behind. A writer that wakes later begins another. */
const abandonedAfterMs = 60 * 60 * 1000;
/** Looking at every group takes a while: not at the end of each of many short runs. */
const wholeStoreEveryMs = 60 * 1000;

interface Found {
  readonly file: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly isBeingWritten: boolean;
}

interface Bounds {
  readonly bytes: number;
  readonly segments: number;
}

/**
 * Removes what is too old and, oldest first, what is too much: in `group` (a directory) at once, in all groups once a
 * minute. What is being written is never removed. Several processes may do so at the same time.
 */
export async function enforceLimits(
  root: string,
  group: string,
  limits: LogStoreLimits,
  nowMs: number,
): Promise<void> {
  const ofGroup = { bytes: limits.groupBytes, segments: limits.groupSegments };
  await removeExcess([group], ofGroup, limits.ageMs, nowMs);
  if (!(await isWholeStoreDue(root, nowMs))) return;
  const groups = await directoriesIn(root);
  for (const each of groups) await removeExcess([each], ofGroup, limits.ageMs, nowMs);
  await removeExcess(groups, { bytes: limits.bytes, segments: limits.segments }, limits.ageMs, nowMs);
  for (const each of groups) await removeEmpty(each);
}

async function removeExcess(
  groups: readonly string[],
  most: Bounds,
  ageMs: number,
  nowMs: number,
): Promise<void> {
  const found = await segmentsOf(groups, nowMs);
  found.sort((a, b) => a.modifiedMs - b.modifiedMs);
  let bytes = found.reduce((sum, segment) => sum + segment.bytes, 0);
  let segments = found.length;
  const emptied = new Set<string>();
  for (const segment of found) {
    const isTooMuch = bytes > most.bytes || segments > most.segments;
    if (segment.isBeingWritten || !(isTooMuch || segment.modifiedMs < nowMs - ageMs)) continue;
    await rm(segment.file, { force: true });
    emptied.add(path.dirname(segment.file));
    bytes -= segment.bytes;
    segments -= 1;
  }
  for (const stream of emptied) await removeEmpty(stream);
}

async function segmentsOf(groups: readonly string[], nowMs: number): Promise<Found[]> {
  const found: Found[] = [];
  for (const group of groups) {
    for (const stream of await directoriesIn(group)) {
      const segments = await listSegments(stream);
      if (segments.length === 0) await removeEmpty(stream);
      for (const segment of segments) {
        const file = segmentPath(segment);
        const stats = await stat(file).catch(unlessGone);
        if (stats === undefined) continue;
        const modifiedMs = stats.mtimeMs;
        const isBeingWritten = segment.isOpen && modifiedMs > nowMs - abandonedAfterMs;
        found.push({ file, bytes: stats.size, modifiedMs, isBeingWritten });
      }
    }
  }
  return found;
}

/** The time of the last look is that of a file, so that all processes know it. */
async function isWholeStoreDue(root: string, nowMs: number): Promise<boolean> {
  const stamp = path.join(root, '.limits-enforced');
  const before = await stat(stamp).catch(unlessGone);
  if (before !== undefined && Math.abs(nowMs - before.mtimeMs) < wholeStoreEveryMs) return false;
  // A full disk may not take it: the more reason to go on and make room.
  await writeFile(stamp, `${new Date(nowMs).toISOString()}\n`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error;
  });
  return true;
}

async function directoriesIn(directory: string): Promise<string[]> {
  const entries = (await readdir(directory, { withFileTypes: true }).catch(unlessGone)) ?? [];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(directory, name));
}

async function removeEmpty(directory: string): Promise<void> {
  await rmdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') unlessGone(error);
  });
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
