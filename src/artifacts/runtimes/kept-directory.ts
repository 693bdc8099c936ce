import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { makeScratchDirectory, sweepScratch } from '../scratch.ts';

/**
 * `<storeRoot>/runtimes/<name>`: made once, whole or not at all, however many processes want it at a time.
 *
 * @param fill puts everything into a directory that others may enter.
 */
export async function keepDirectory(
  storeRoot: string,
  name: string,
  fill: (directory: string) => Promise<void>,
): Promise<string> {
  const runtimes = path.join(storeRoot, 'runtimes');
  const kept = path.join(runtimes, name);
  if (existsSync(kept)) return kept;
  const scratchRoot = path.join(runtimes, 'scratch');
  await sweepScratch(scratchRoot);
  const scratch = await makeScratchDirectory(scratchRoot);
  try {
    const directory = path.join(scratch, 'kept');
    await makeOpenDirectory(directory);
    await fill(directory);
    await rename(directory, kept);
  } catch (error) {
    // Another process may have been first with the same one.
    if (!existsSync(kept)) throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return kept;
}

/** Below the store, whose own directories are for its owner alone. */
export async function makeOpenDirectory(directory: string): Promise<void> {
  await mkdir(directory, { mode: 0o755 });
  await chmod(directory, 0o755);
}

/** A directory with `bin/<name>` for programs below /usr, which every sandbox shows at its own place. */
export function keepProgramLinks(
  storeRoot: string,
  keptName: string,
  program: string,
  names: readonly string[],
): Promise<string> {
  return keepDirectory(storeRoot, `${keptName}${program.replaceAll('/', '-')}`, async (directory) => {
    await makeOpenDirectory(path.join(directory, 'bin'));
    for (const name of names) await symlink(program, path.join(directory, 'bin', name));
  });
}

/** Whether every sandbox shows it already. */
export function isOfSystem(directory: string): boolean {
  return directory === '/usr' || directory.startsWith('/usr/');
}
