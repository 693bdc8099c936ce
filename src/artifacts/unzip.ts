import { chmod, mkdir, open, symlink } from 'node:fs/promises';
import path from 'node:path';
import { readAttributes } from './archive-attributes.ts';
import { parseArchivePath } from './archive-path.ts';
import { ArchiveTree, type EntryKind } from './archive-tree.ts';
import { type ArtifactCode, type ArtifactError, entryError } from './artifact-error.ts';
import { inParallel } from './in-parallel.ts';
import type { TreeSize } from './tree-size.ts';
import { type ZipEntry, zipEntries } from './zip-file.ts';

/** Linux allows no longer target. */
const maxSymlinkTargetBytes = 4095;

export interface UnzipLimits {
  /** Contents of all files together, declared and real. */
  readonly maxBytes: number;
  /** Paths to be made, directories the archive only implies included. */
  readonly maxEntries: number;
}

/** An entry that passed every check but the one of its bytes. */
interface Admitted {
  readonly entry: ZipEntry;
  readonly components: readonly string[];
  readonly kind: EntryKind;
  readonly mode: number;
}

/** More files at once gain nothing: the thread pool that does the work is no larger. */
const filesAtOnce = 8;

/**
 * Unpacks a zip archive into an existing empty directory. Modes are the archive's own, whatever the umask. Nothing is
 * written before every entry's name, kind and declared size passed; what stands there after a later failure is
 * incomplete and to be thrown away.
 *
 * A symbolic link's target is text for the sandbox, where it is resolved: any target is legal, and none is ever
 * followed here, because links are made after everything else and nothing may lie below one.
 *
 * @param archive the path to name in errors.
 * @returns what was made, as `treeSize` counts it.
 * @throws ArtifactError naming archive, entry and reason.
 */
export async function unzip(
  bytes: Buffer,
  archive: string,
  into: string,
  limits: UnzipLimits,
): Promise<TreeSize> {
  const { admitted, implied, size } = await readContents(bytes, archive, limits);
  const locate = (components: readonly string[]): string => path.join(into, ...components);
  const of = (kind: EntryKind) => admitted.filter((one) => one.kind === kind);

  for (const directory of implied) await makeDirectory(path.join(into, directory), 0o755);
  for (const { components, mode } of of('directory')) await makeDirectory(locate(components), mode);
  await inParallel(of('file'), filesAtOnce, ({ entry, components, mode }) =>
    writeContents(entry, locate(components), mode),
  );
  for (const { entry, components } of of('symlink'))
    await symlink(await readTarget(entry, archive), locate(components));
  return size;
}

/**
 * What `unzip` would make of an archive, by what the archive says of itself: nothing is unpacked, so contents that are
 * damaged go unnoticed.
 *
 * @throws ArtifactError as `unzip`.
 */
export async function measureArchive(bytes: Buffer, archive: string, limits: UnzipLimits): Promise<TreeSize> {
  return (await readContents(bytes, archive, limits)).size;
}

interface Contents {
  readonly admitted: readonly Admitted[];
  readonly implied: Iterable<string>;
  readonly size: TreeSize;
}

/** Reads what every entry says of itself; each passed every check but the one of its bytes. */
async function readContents(bytes: Buffer, archive: string, limits: UnzipLimits): Promise<Contents> {
  const tree = new ArchiveTree();
  const admitted: Admitted[] = [];
  let declaredBytes = 0;
  let fileBytes = 0;
  for await (const entry of zipEntries(bytes, archive)) {
    const { components, kind, mode } = admit(entry, archive, tree);
    if (tree.size > limits.maxEntries) {
      const reason = `is one too many: an archive may make at most ${limits.maxEntries} paths`;
      throw entryError('too-many-entries', archive, entry.name, reason);
    }
    declaredBytes += entry.declaredBytes;
    if (declaredBytes > limits.maxBytes) {
      const reason = `takes the unpacked size beyond ${limits.maxBytes} bytes, which is all that is allowed`;
      throw entryError('too-large', archive, entry.name, reason);
    }
    if (kind === 'file') fileBytes += entry.declaredBytes;
    admitted.push({ entry, components, kind, mode });
  }
  return { admitted, implied: tree.implied(), size: { bytes: fileBytes, entries: tree.size } };
}

async function makeDirectory(location: string, mode: number): Promise<void> {
  await mkdir(location, { recursive: true });
  await chmod(location, mode);
}

function admit(
  entry: ZipEntry,
  archive: string,
  tree: ArchiveTree,
): { components: readonly string[]; kind: EntryKind; mode: number } {
  const refuse = (code: ArtifactCode, reason: string): ArtifactError =>
    entryError(code, archive, entry.name, reason);
  const parsed = parseArchivePath(entry.name);
  if ('refused' in parsed) throw refuse('illegal-path', parsed.refused);
  const attributes = readAttributes(entry.name, entry.externalFileAttributes);
  if ('refused' in attributes) throw refuse('illegal-entry', attributes.refused);
  const { components } = parsed;
  const { kind, mode } = attributes;
  const conflict = tree.claim(components, kind);
  if (conflict !== undefined) throw refuse(conflict.code, conflict.reason);
  if (entry.isEncrypted) throw refuse('encrypted-entry', 'is encrypted: make the archive without a password');
  if (entry.unknownCompression !== undefined) {
    throw refuse(
      'unknown-compression',
      `is compressed by method ${entry.unknownCompression}: use deflate, or none`,
    );
  }
  if (kind === 'directory' && entry.declaredBytes > 0)
    throw refuse('illegal-entry', 'is a directory with contents');
  if (kind === 'symlink' && entry.declaredBytes > maxSymlinkTargetBytes) {
    throw refuse(
      'illegal-entry',
      `is a symbolic link with a target longer than ${maxSymlinkTargetBytes} bytes`,
    );
  }
  return { components, kind, mode };
}

async function writeContents(entry: ZipEntry, location: string, mode: number): Promise<void> {
  const file = await open(location, 'wx', 0o600);
  try {
    await file.writeFile(entry.contents());
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}

async function readTarget(entry: ZipEntry, archive: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry.contents()) chunks.push(chunk);
  const target = Buffer.concat(chunks).toString();
  if (target === '' || target.includes('\0')) {
    throw entryError('illegal-entry', archive, entry.name, 'is a symbolic link without a usable target');
  }
  return target;
}
