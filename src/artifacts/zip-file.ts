import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { crc32, inflateRaw, type ZlibOptions } from 'node:zlib';
import * as yauzl from 'yauzl';
import { MiB } from '../domain/limits.ts';
import { ArtifactError, entryError } from './artifact-error.ts';

const utf8Flag = 0x800;

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
 * @throws ArtifactError `unreadable-archive` where the bytes are no zip archive or a damaged one;
 * `overlapping-entries`, once all of them were given.
 */
export async function* zipEntries(bytes: Buffer, archive: string): AsyncGenerator<ZipEntry> {
  // In memory there is nothing to close, so entries can be read for as long as somebody holds them.
  const zip = await orUnreadable(archive, () => yauzl.fromBufferPromise(bytes, { decodeStrings: false }));
  const entries = zip.eachEntry();
  const extents: Extent[] = [];
  for (;;) {
    const next = await orUnreadable(archive, () => entries.next());
    if (next.done) break;
    const described = describe(zip, next.value, bytes, archive);
    extents.push(extentOf(next.value, described.name));
    yield described;
  }
  refuseOverlap(extents, archive);
}

/** The bytes of the archive that an entry takes at least. */
interface Extent {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const localHeaderBytes = 30;
const localHeaderSignature = 0x04034b50;

function extentOf(entry: yauzl.Entry, name: string): Extent {
  const start = entry.relativeOffsetOfLocalHeader;
  return { name, start, end: start + localHeaderBytes + entry.compressedSize };
}

/** The same bytes as many files' contents: only archives made to swell do that. */
function refuseOverlap(extents: Extent[], archive: string): void {
  extents.sort((a, b) => a.start - b.start);
  for (const [index, { name, start }] of extents.entries()) {
    const before = extents[index - 1];
    if (before === undefined || before.end <= start) continue;
    const reason = `shares bytes of the archive with ${JSON.stringify(before.name)}. Make the archive again.`;
    throw entryError('overlapping-entries', archive, name, reason);
  }
}

async function orUnreadable<T>(archive: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    // Some of these are sentences with a full stop of their own.
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\.+$/, '');
    const message = `${archive} cannot be read as a zip archive: ${reason}. Make the archive again.`;
    throw new ArtifactError('unreadable-archive', archive, message, { cause: error });
  }
}

function describe(zip: yauzl.ZipFile, entry: yauzl.Entry, bytes: Buffer, archive: string): ZipEntry {
  // The archiver of macOS writes UTF-8 without saying so. What is neither said to be UTF-8 nor is, is code page 437.
  const flags = entry.generalPurposeBitFlag | (isUtf8(entry.fileNameRaw) ? utf8Flag : 0);
  const name = yauzl.getFileNameLowLevel(flags, entry.fileNameRaw, entry.extraFields, true);
  const isDecodable = entry.compressionMethod === 0 || entry.compressionMethod === 8;
  return {
    name,
    externalFileAttributes: entry.externalFileAttributes,
    declaredBytes: entry.uncompressedSize,
    isEncrypted: entry.isEncrypted(),
    ...(isDecodable ? {} : { unknownCompression: entry.compressionMethod }),
    contents: () => checked(isSmall(entry) ? whole(bytes, entry) : pieces(zip, entry), entry, name, archive),
  };
}

/** Most files are small, and streams cost several times what they stream then. */
function isSmall(entry: yauzl.Entry): boolean {
  return Math.max(entry.compressedSize, entry.uncompressedSize) <= MiB;
}

/** The contents in one piece. @throws where they are not as many bytes as declared. */
async function* whole(archive: Buffer, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  const header = entry.relativeOffsetOfLocalHeader;
  if (header + localHeaderBytes > archive.length || archive.readUInt32LE(header) !== localHeaderSignature)
    throw new Error('its place in the archive holds something else');
  const start =
    header + localHeaderBytes + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  if (start + entry.compressedSize > archive.length) throw new Error('it reaches beyond the archive');
  const data = archive.subarray(start, start + entry.compressedSize);
  const contents = entry.compressionMethod === 0 ? data : await inflate(data, entry.uncompressedSize);
  if (contents.length !== entry.uncompressedSize)
    throw new Error(`it has ${contents.length} bytes where ${entry.uncompressedSize} are declared`);
  yield contents;
}

const inflateWhole = promisify(inflateRaw) as (data: Buffer, options: ZlibOptions) => Promise<Buffer>;

async function inflate(data: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    // Zero would mean the default.
    return await inflateWhole(data, { maxOutputLength: Math.max(1, maxBytes) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new Error(`it has more than the ${maxBytes} bytes that are declared`);
  }
}

/** The contents piece by piece. @throws where they are not as many bytes as declared. */
async function* pieces(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  yield* await zip.openReadStreamPromise(entry);
}

async function* checked(
  contents: AsyncGenerator<Buffer>,
  entry: yauzl.Entry,
  name: string,
  archive: string,
): AsyncGenerator<Buffer> {
  let checksum = 0;
  try {
    for await (const chunk of contents) {
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
