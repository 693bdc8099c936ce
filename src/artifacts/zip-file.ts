import { crc32 } from 'node:zlib';
import * as yauzl from 'yauzl';
import { ArtifactError, entryError } from './artifact-error.ts';

/** An entry as the central directory has it; nothing about it has been believed yet. */
export interface ZipEntry {
  readonly name: string;
  readonly externalFileAttributes: number;
  readonly declaredBytes: number;
  readonly isEncrypted: boolean;
  /** Undefined where we can unpack it, else the number of its compression method. */
  readonly unknownCompression?: number;
  /**
   * The contents, chunk by chunk.
   * @throws ArtifactError `corrupt-entry` where they are not as many bytes as declared or their checksum is wrong.
   */
  contents(): AsyncGenerator<Buffer>;
}

/**
 * The entries of a zip archive, in its own order.
 *
 * @param archive the path to name in errors.
 * @throws ArtifactError `unreadable-archive` where the bytes are no zip archive or a damaged one.
 */
export async function* zipEntries(bytes: Buffer, archive: string): AsyncGenerator<ZipEntry> {
  // In memory there is nothing to close, so entries can be read for as long as somebody holds them.
  const zip = await orUnreadable(archive, () => yauzl.fromBufferPromise(bytes, { decodeStrings: false }));
  const entries = zip.eachEntry();
  for (;;) {
    const next = await orUnreadable(archive, () => entries.next());
    if (next.done) return;
    yield describe(zip, next.value, archive);
  }
}

async function orUnreadable<T>(archive: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${archive} cannot be read as a zip archive: ${reason}. Make the archive again.`;
    throw new ArtifactError('unreadable-archive', archive, message, { cause: error });
  }
}

function describe(zip: yauzl.ZipFile, entry: yauzl.Entry, archive: string): ZipEntry {
  const name = yauzl.getFileNameLowLevel(
    entry.generalPurposeBitFlag,
    entry.fileNameRaw,
    entry.extraFields,
    true,
  );
  const isDecodable = entry.compressionMethod === 0 || entry.compressionMethod === 8;
  return {
    name,
    externalFileAttributes: entry.externalFileAttributes,
    declaredBytes: entry.uncompressedSize,
    isEncrypted: entry.isEncrypted(),
    ...(isDecodable ? {} : { unknownCompression: entry.compressionMethod }),
    contents: () => contents(zip, entry, name, archive),
  };
}

async function* contents(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  name: string,
  archive: string,
): AsyncGenerator<Buffer> {
  let checksum = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw entryError('corrupt-entry', archive, name, `is damaged: ${reason}. Make the archive again.`, error);
  }
  if (checksum !== entry.crc32) {
    throw entryError(
      'corrupt-entry',
      archive,
      name,
      'is damaged: its checksum is wrong. Make the archive again.',
    );
  }
}
