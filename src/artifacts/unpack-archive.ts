import { execFile } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { TreeSize } from './tree-size.ts';
import { type UnzipLimits, unzip } from './unzip.ts';

/** An archive's contents, complete and on the disk, waiting for their name. */
export interface UnpackedArchive extends TreeSize {
  /** Within the scratch directory: move it where it belongs. */
  readonly tree: string;
}

/**
 * Unpacks an archive within a scratch directory.
 *
 * @param archive the path to name in errors.
 * @throws ArtifactError naming archive, entry and reason.
 */
export async function unpackArchive(
  bytes: Buffer,
  archive: string,
  scratch: string,
  limits: UnzipLimits,
): Promise<UnpackedArchive> {
  const tree = path.join(scratch, 'tree');
  await mkdir(tree);
  await chmod(tree, 0o755);
  const size = await unzip(bytes, archive, tree, limits);
  // A name must never outlive the contents: one call brings the whole tree to disk, where one per file would be slow.
  await promisify(execFile)('sync', ['--file-system', tree]);
  return { tree, ...size };
}
