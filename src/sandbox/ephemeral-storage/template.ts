import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.ts';

/** Raised when what `makeTemplate` makes changes, so that cached ones of another kind are not used. */
const version = 1;

/**
 * Size of an ext4 image with `usableMiB` for files: inode tables (256 bytes for each 16 KiB), the clusters ext4
 * keeps back (2 %, at most 16 MiB), bitmaps and descriptors.
 */
function imageMiB(usableMiB: number): number {
  return usableMiB + Math.ceil(usableMiB / 64) + Math.min(16, Math.ceil(usableMiB / 50)) + 2;
}

const flags = ['-q', '-F', '-b', '4096', '-I', '256', '-i', '16384', '-m', '0'];
/** No journal: nobody recovers a sandbox's /tmp. No spare descriptors: it never grows. */
const features = ['-O', '^has_journal,^resize_inode', '-E', 'lazy_itable_init=1,root_owner=0:0'];

/**
 * An empty file system of that size, sparse, made once per size and copied from then on. Until it is whole it lies in
 * `scratchDir`, on the same disk and the caller's to reap.
 */
export async function ensureTemplate(
  cacheDir: string,
  usableMiB: number,
  scratchDir: string,
): Promise<string> {
  const path = join(cacheDir, 'ephemeral-storage', `template-${version}-${usableMiB}.ext4`);
  if (existsSync(path)) return path;
  const fresh = join(scratchDir, `${randomUUID()}.ext4`);
  try {
    await runCommand('mkfs.ext4', [...flags, ...features, fresh, `${imageMiB(usableMiB)}M`]);
    // Whole or not at all: another Thaw may be looking.
    renameSync(fresh, path);
  } finally {
    rmSync(fresh, { force: true });
  }
  return path;
}
