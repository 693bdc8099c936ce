import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isRunning, processName } from '../foundation/process-name.ts';
import { removeTree } from './remove-tree.ts';

/**
 * Work in progress below `root`: every directory carries the process that made it (`<pid>-<start time>-<random>`),
 * so that what a killed one left can be told from what a live one is still writing.
 */
export async function makeScratchDirectory(root: string): Promise<string> {
  const directory = path.join(root, `${processName()}-${randomBytes(6).toString('hex')}`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/** Removes the scratch directories whose process is gone. Names of any other form are not ours and stay. */
export async function sweepScratch(root: string): Promise<void> {
  for (const name of await namesIn(root)) {
    const owner = /^(\d+-\d+)-[0-9a-f]{12}$/.exec(name)?.[1];
    if (owner === undefined || isRunning(owner)) continue;
    await removeTree(path.join(root, name));
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
