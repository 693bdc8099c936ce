import { existsSync } from 'node:fs';
import { chmod, copyFile, link, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ArtifactError } from './artifact-error.ts';
import type { HostInterpreter } from './host-interpreter.ts';
import { makeScratchDirectory, sweepScratch } from './scratch.ts';

/**
 * A directory of the store that holds one interpreter of this host as `bin/node` and nothing else. Its own directory
 * is not mounted, because that may be `/usr`. Made once for each program; an upgrade on the host is another program.
 *
 * @returns the absolute directory.
 */
export async function keepInterpreter(host: HostInterpreter, storeRoot: string): Promise<string> {
  const runtimes = path.join(storeRoot, 'runtimes');
  const scratchRoot = path.join(runtimes, 'scratch');
  const { size, mtimeMs } = await stat(host.execPath).catch((error: unknown) => {
    const message = `${host.execPath}, the Node.js ${host.version} of this host, is gone. Start again, or install it anew.`;
    throw new ArtifactError('interpreter-not-found', host.execPath, message, { cause: error });
  });
  const home = path.join(runtimes, `host-node-${host.version}-${size}-${Math.trunc(mtimeMs)}`);
  if (existsSync(home)) return home;
  await sweepScratch(scratchRoot);
  const scratch = await makeScratchDirectory(scratchRoot);
  try {
    const bin = path.join(scratch, 'lang', 'bin');
    await mkdir(bin, { recursive: true });
    for (const directory of [path.dirname(bin), bin]) await chmod(directory, 0o755);
    await linkOrCopy(host.execPath, path.join(bin, 'node'));
    await rename(path.join(scratch, 'lang'), home);
  } catch (error) {
    // Another process may have been first with the same program.
    if (!existsSync(home)) throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return home;
}

/** A link costs nothing, but needs one file system, and a program that everyone may run as it is. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  const { mode } = await stat(from);
  if ((mode & 0o005) === 0o005) {
    try {
      await link(from, to);
      return;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK') throw error;
    }
  }
  await copyFile(from, to);
  await chmod(to, 0o755);
}
