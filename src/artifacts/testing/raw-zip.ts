import { crc32, deflateRawSync } from 'node:zlib';

/** An entry exactly as told, however wrong: archivers refuse to write what a hostile archive holds. */
export interface RawEntry {
  /** Text is written as UTF-8. */
  readonly name: string | Buffer;
  /** Whether the archive says that names are UTF-8; by default it does. */
  readonly saysUtf8?: boolean;
  readonly contents?: string | Buffer;
  /** Unix mode with file type; 0 writes none. */
  readonly mode?: number;
  /** 8 deflates; any other number stores, and claims to be that method. */
  readonly method?: number;
  readonly isEncrypted?: boolean;
  readonly declaredBytes?: number;
  readonly checksum?: number;
  /** Points to the bytes of the archive at this offset, as if its own were there. */
  readonly offset?: number;
  /** Sizes and offset are in a zip64 field, and nowhere else. */
  readonly isZip64?: boolean;
}

export interface RawArchive {
  /** What the end of the archive claims to be the number of entries. */
  readonly claimedEntries?: number;
  /** The number of entries and the place of their directory are in a zip64 record, and nowhere else. */
  readonly isZip64?: boolean;
}

const overflow = 0xffffffff;

/** The bytes of a zip archive with these entries, in this order. */
export function rawZip(entries: readonly RawEntry[], archive: RawArchive = {}): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let end = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const contents = Buffer.from(entry.contents ?? '');
    const data = entry.method === 8 ? deflateRawSync(contents) : contents;
    const declaredBytes = entry.declaredBytes ?? contents.length;
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(entry.isZip64 ? 45 : 20, 0);
    shared.writeUInt16LE((entry.saysUtf8 === false ? 0 : 0x800) | (entry.isEncrypted ? 1 : 0), 2);
    shared.writeUInt16LE(entry.method ?? 0, 4);
    shared.writeUInt32LE(entry.checksum ?? crc32(contents), 10);
    shared.writeUInt32LE(entry.isZip64 ? overflow : data.length, 14);
    shared.writeUInt32LE(entry.isZip64 ? overflow : declaredBytes, 18);
    shared.writeUInt16LE(name.length, 22);
    const offset = entry.offset ?? end;
    const sizes = entry.isZip64 ? zip64Field([declaredBytes, data.length]) : Buffer.alloc(0);
    const place = entry.isZip64 ? zip64Field([declaredBytes, data.length, offset]) : Buffer.alloc(0);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), withExtra(shared, sizes), name, sizes, data]);
    const attributes = Buffer.alloc(14);
    attributes.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    attributes.writeUInt32LE(entry.isZip64 ? overflow : offset, 10);
    const header = withExtra(shared, place);
    central.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), header, attributes, name, place);
    locals.push(local);
    end += local.length;
  }
  const directory = Buffer.concat(central);
  const count = archive.claimedEntries ?? entries.length;
  return Buffer.concat([...locals, directory, endOf(archive, count, directory.length, end)]);
}

function withExtra(shared: Buffer, extra: Buffer): Buffer {
  const header = Buffer.from(shared);
  header.writeUInt16LE(extra.length, 24);
  return header;
}

function zip64Field(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return field;
}

function endOf({ isZip64 }: RawArchive, count: number, size: number, start: number): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(isZip64 ? 0xffff : count, 8);
  end.writeUInt16LE(isZip64 ? 0xffff : count, 10);
  end.writeUInt32LE(isZip64 ? overflow : size, 12);
  end.writeUInt32LE(isZip64 ? overflow : start, 16);
  if (!isZip64) return end;
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06');
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07');
  locator.writeBigUInt64LE(BigInt(start + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator, end]);
}
