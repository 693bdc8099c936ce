import { execFile } from 'node:child_process';
import { rmdir } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Removes a directory with everything in it, by a process of its own: in this one, a tree of many files would keep
 * everybody else waiting. Links are removed, never followed. One that is not there: nothing happens.
 */
export async function removeTree(directory: string): Promise<void> {
  try {
    await rmdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code !== 'ENOTEMPTY') throw error;
    await promisify(execFile)('rm', ['-rf', '--', directory]);
  }
}
