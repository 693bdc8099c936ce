import { crc32, deflateRawSync } from 'node:zlib';

/** An entry exactly as told, however wrong: archivers refuse to write what a hostile archive holds. */
export interface RawEntry {
  readonly name: string;
  readonly contents?: string | Buffer;
  /** Unix mode with file type; 0 writes none. */
  readonly mode?: number;
  /** 8 deflates; any other number stores, and claims to be that method. */
  readonly method?: number;
  readonly isEncrypted?: boolean;
  readonly declaredBytes?: number;
  readonly checksum?: number;
}

/** The bytes of a zip archive with these entries, in this order. */
export function rawZip(entries: readonly RawEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const contents = Buffer.from(entry.contents ?? '');
    const data = entry.method === 8 ? deflateRawSync(contents) : contents;
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    // Names are UTF-8.
    shared.writeUInt16LE(0x800 | (entry.isEncrypted ? 1 : 0), 2);
    shared.writeUInt16LE(entry.method ?? 0, 4);
    shared.writeUInt32LE(entry.checksum ?? crc32(contents), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(entry.declaredBytes ?? contents.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, name, data]);
    const attributes = Buffer.alloc(14);
    attributes.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    attributes.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), shared, attributes, name);
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]);
}
