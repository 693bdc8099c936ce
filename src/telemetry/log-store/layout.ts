import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Where things are: `<root>/<group>/<stream>/<start>.open`, names percent-encoded, `start` the timestamp of the first
 * event in it, epoch milliseconds with 15 digits. The one writer of a stream appends to its `.open` segment and renames
 * it to `.log` when it will write no more to it.
 */
export interface Segment {
  readonly directory: string;
  readonly startMs: number;
  readonly isOpen: boolean;
}

/** Linux file systems: bytes of one name in a directory. */
const maxEntryBytes = 255;

export function groupDirectory(root: string, group: string): string {
  return path.join(root, encodeName(group));
}

export function streamDirectory(root: string, group: string, stream: string): string {
  return path.join(groupDirectory(root, group), encodeName(stream));
}

export function segmentPath({ directory, startMs, isOpen }: Segment): string {
  return path.join(directory, `${String(startMs).padStart(15, '0')}${isOpen ? '.open' : '.log'}`);
}

/** Names of the groups in a root or of the streams in a group, unordered; none where the directory is not there. */
export async function listNames(directory: string): Promise<string[]> {
  const entries = await entriesOf(directory);
  return entries.flatMap((entry) => decodeName(entry) ?? []);
}

/** Whether the store can have a group of this name: file systems have limits. */
export function isStorableGroup(group: string): boolean {
  return Buffer.byteLength(encodeName(group)) <= maxEntryBytes;
}

/** Segments of a stream, oldest first; none where it is gone. */
export async function listSegments(directory: string): Promise<Segment[]> {
  const segments = new Map<number, Segment>();
  for (const entry of (await entriesOf(directory)).sort()) {
    const [, start, ending] = /^(\d{15})\.(open|log)$/.exec(entry) ?? [];
    if (start === undefined) continue;
    // One that is being renamed may be listed under both names.
    segments.set(Number(start), { directory, startMs: Number(start), isOpen: ending === 'open' });
  }
  return [...segments.values()];
}

async function entriesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

/** A dot at the beginning is encoded too: no name is `..`, and none of ours begins with one. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/^\./, '%2E');
}

/** Undefined for what is not a group or stream of ours. */
function decodeName(entry: string): string | undefined {
  try {
    const name = decodeURIComponent(entry);
    return encodeName(name) === entry ? name : undefined;
  } catch {
    return undefined;
  }
}
