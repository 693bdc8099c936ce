import { lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

export interface TreeSize {
  /** Contents of all regular files. */
  readonly bytes: number;
  readonly entries: number;
}

/**
 * Measures a directory; symbolic links are not followed. Stops counting once either bound is passed, so that a
 * directory given by mistake (`/`) costs no more than a directory that is just too large.
 */
export async function treeSize(root: string, bounds: TreeSize): Promise<TreeSize> {
  let bytes = 0;
  let entries = 0;
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      entries += 1;
      const location = path.join(directory, entry.name);
      if (entry.isDirectory()) pending.push(location);
      // Between two directories others have their turn; within one, a call per file would cost more than it waits.
      else if (entry.isFile()) bytes += lstatSync(location, { throwIfNoEntry: false })?.size ?? 0;
      if (bytes > bounds.bytes || entries > bounds.entries) return { bytes, entries };
    }
  }
  return { bytes, entries };
}
