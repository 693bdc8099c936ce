import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { awaitGo, runCommand } from '../command.ts';
import { isOwner, type Owner } from '../owner.ts';
import { ensureTemplate } from './template.ts';

/**
 * The image loses its name as soon as it is mounted, so that the disk space is free when the mount is gone,
 * however Thaw ends. Writes need not survive anything, so no barriers.
 */
const script = `
${awaitGo.line}
set -e
cp --sparse=always "$1" "$2"
mount -t ext4 -o loop,nosuid,nodev,noatime,nobarrier,noinit_itable "$2" "$3"
rm "$2"
`;

const directoryName = 'ephemeral-storage';

/** Images on their way to being mounted; what a killed Thaw left of them is found by the owner's name. */
export function imageDirectory(cacheDir: string, owner: Owner): string {
  return join(cacheDir, directoryName, owner);
}

/** Owners that have such a directory. */
export function imageOwners(cacheDir: string): Owner[] {
  const directory = join(cacheDir, directoryName);
  return existsSync(directory) ? readdirSync(directory).filter(isOwner) : [];
}

/**
 * Mounts a fresh, empty file system with `sizeMiB` for files at `mountPoint`, which is made, writable by all like
 * any /tmp. Its pages are page cache: the kernel reclaims them, and they are not counted as the function's memory.
 */
export async function openEphemeralStorage(
  cacheDir: string,
  owner: Owner,
  { id, sizeMiB, mountPoint }: { readonly id: string; readonly sizeMiB: number; readonly mountPoint: string },
): Promise<void> {
  const scratch = imageDirectory(cacheDir, owner);
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const template = await ensureTemplate(cacheDir, sizeMiB, scratch);
  const image = join(scratch, `${id}.ext4`);
  mkdirSync(mountPoint, { recursive: true });
  try {
    await runCommand('sh', ['-c', script, 'sh', template, image, mountPoint], { input: awaitGo.input });
  } catch (error) {
    rmSync(image, { force: true });
    throw new Error(
      `/tmp of sandbox ${id} cannot be made (${(error as Error).message}). It needs loop devices and ext4: ` +
        'see that /dev/loop-control exists (modprobe loop) and that there is room on the disk of the cache directory.',
      { cause: error },
    );
  }
  rmdirSync(join(mountPoint, 'lost+found'));
  chmodSync(mountPoint, 0o1777);
}
