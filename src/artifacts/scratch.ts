import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Work in progress below `root`: every directory carries the process that made it (`<pid>-<start time>-<random>`),
 * so that what a killed one left can be told from what a live one is still writing.
 */
export async function makeScratchDirectory(root: string): Promise<string> {
  const owner = `${process.pid}-${startTime(process.pid)}`;
  const directory = path.join(root, `${owner}-${randomBytes(6).toString('hex')}`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/** Removes the scratch directories whose process is gone. Names of any other form are not ours and stay. */
export async function sweepScratch(root: string): Promise<void> {
  for (const name of await namesIn(root)) {
    const owner = /^(\d+)-(\d+)-[0-9a-f]{12}$/.exec(name);
    if (owner === null || startTime(Number(owner[1])) === owner[2]) continue;
    await rm(path.join(root, name), { recursive: true, force: true });
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

/** Clock ticks since boot at which a process started; undefined when there is none or only its zombie. PIDs return, pairs do not. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses, and may hold blanks and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
