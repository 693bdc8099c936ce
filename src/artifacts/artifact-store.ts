import { createHash } from 'node:crypto';
import { mkdir, open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { maxArchiveEntries, maxKeptUnzippedBytes, maxUnzippedBytes } from '../domain/limits.ts';
import { ArtifactError } from './artifact-error.ts';
import { removeTree } from './remove-tree.ts';
import { makeScratchDirectory, sweepScratch } from './scratch.ts';
import { unpackArchive } from './unpack-archive.ts';
import type { UnzipLimits } from './unzip.ts';
import { UnzippedTrees } from './unzipped-trees.ts';

/**
 * Turns what a user points at into a directory that can be mounted.
 *
 *     <root>/unzipped/sha256-<digest>/   an archive's contents; what else is there is UnzippedTrees' own
 *     <root>/empty/                      what an environment without layers sees at /opt
 *
 * Any number of processes may share one root. Nothing below it is readable for other users of the host: it is
 * customers' code.
 */
export interface ArtifactStore {
  readonly root: string;
  readonly emptyDir: string;
  /**
   * A directory is used as it is, where it really is: changes show in the next environment. A zip archive is unpacked once
   * and found again by its digest; it stays for as long as this process lives.
   *
   * @returns the absolute host directory for `/var/task`.
   * @throws ArtifactError
   */
  openCode(location: string): Promise<string>;
  /** As `openCode`, for one layer of `/opt`. */
  openLayer(location: string): Promise<string>;
}

const defaultLimits: UnzipLimits = { maxBytes: maxUnzippedBytes, maxEntries: maxArchiveEntries };

/**
 * Opens the store at `root`, making it where need be; sweeps what killed processes left, and what archives unpacked
 * earlier take beyond `maxKeptBytes`.
 */
export async function openArtifactStore(
  root: string,
  limits: UnzipLimits = defaultLimits,
  maxKeptBytes: number = maxKeptUnzippedBytes,
): Promise<ArtifactStore> {
  const unzipped = path.join(root, 'unzipped');
  const emptyDir = path.join(root, 'empty');
  await mkdir(root, { recursive: true, mode: 0o700 });
  await mkdir(unzipped, { recursive: true, mode: 0o700 });
  await mkdir(emptyDir, { recursive: true, mode: 0o755 });
  const trees = new UnzippedTrees(unzipped);
  await sweepScratch(trees.scratchRoot);
  await trees.evict(maxKeptBytes);
  const openArtifact = async (location: string, role: string): Promise<string> => {
    const absolute = path.resolve(location);
    const kind = await kindOf(absolute, role);
    return kind === 'directory' ? await realpath(absolute) : await openArchive(absolute, trees, limits);
  };
  return {
    root,
    emptyDir,
    openCode: (location) => openArtifact(location, 'function code'),
    openLayer: (location) => openArtifact(location, 'layer'),
  };
}

async function kindOf(location: string, role: string): Promise<'directory' | 'archive'> {
  const found = await stat(location).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'no such file or directory' : error.message;
    const message = `${role} ${location} cannot be opened: ${reason}. Give a directory or a .zip file.`;
    throw new ArtifactError('not-found', location, message, { cause: error });
  });
  if (found.isDirectory()) return 'directory';
  if (found.isFile() && location.toLowerCase().endsWith('.zip')) return 'archive';
  const message = `${role} ${location} is neither a directory nor a .zip file. Give the directory that holds it.`;
  throw new ArtifactError('not-code', location, message);
}

async function openArchive(archive: string, trees: UnzippedTrees, limits: UnzipLimits): Promise<string> {
  // Digest and contents come from one reading, so a file that is written to meanwhile cannot make them differ.
  const bytes = await readArchive(archive, limits.maxBytes);
  const name = `sha256-${createHash('sha256').update(bytes).digest('hex')}`;
  if (await trees.use(name)) return trees.pathOf(name);
  const scratch = await makeScratchDirectory(trees.scratchRoot);
  try {
    const { tree } = await unpackArchive(bytes, archive, scratch, limits);
    await trees.add(tree, name);
  } finally {
    await removeTree(scratch);
  }
  return trees.pathOf(name);
}

async function readArchive(archive: string, maxBytes: number): Promise<Buffer> {
  const handle = await open(archive, 'r');
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) {
      const message = `${archive} has ${size} bytes, where no more than ${maxBytes} are allowed even unpacked. Leave out what the function does not need.`;
      throw new ArtifactError('too-large', archive, message);
    }
    const bytes = Buffer.allocUnsafe(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
