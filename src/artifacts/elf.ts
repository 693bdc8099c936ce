import { readSync } from 'node:fs';

const maxProgramHeaders = 128;
const maxInterpreterBytes = 4096;
const ptInterp = 3;

/** ELF machine numbers of what Node can run on, by Node's name of it. */
const machines: Readonly<Record<number, string>> = {
  3: 'ia32',
  8: 'mips',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};

export interface Elf {
  /** As `process.arch`, or the machine's number. */
  readonly arch: string;
  /** The dynamic loader it asks for; absent in a static program. */
  readonly interpreter?: string;
}

/** Reads an ELF file's header. @returns undefined where the file is no ELF file or a damaged one. */
export function readElf(fd: number): Elf | undefined {
  const header = readAt(fd, 0, 64);
  if (header.length < 52 || header.readUInt32BE(0) !== 0x7f454c46) return undefined;
  const is64 = header[4] === 2;
  const isLittle = header[5] === 1;
  if (is64 && header.length < 64) return undefined;
  const u16 = (from: Buffer, at: number) => (isLittle ? from.readUInt16LE(at) : from.readUInt16BE(at));
  const u32 = (from: Buffer, at: number) => (isLittle ? from.readUInt32LE(at) : from.readUInt32BE(at));
  const u64 = (from: Buffer, at: number) =>
    Number(isLittle ? from.readBigUInt64LE(at) : from.readBigUInt64BE(at));
  const address = (from: Buffer, at: number) => (is64 ? u64(from, at) : u32(from, at));

  const machine = u16(header, 18);
  const arch = machines[machine] ?? `machine ${machine}`;
  const tableAt = is64 ? u64(header, 32) : u32(header, 28);
  const entryBytes = u16(header, is64 ? 54 : 42);
  const count = u16(header, is64 ? 56 : 44);
  if (entryBytes < (is64 ? 56 : 32) || count > maxProgramHeaders || !Number.isSafeInteger(tableAt))
    return undefined;
  const table = readAt(fd, tableAt, entryBytes * count);
  if (table.length < entryBytes * count) return undefined;
  for (let index = 0; index < count; index += 1) {
    const entry = table.subarray(index * entryBytes);
    if (u32(entry, 0) !== ptInterp) continue;
    const at = address(entry, is64 ? 8 : 4);
    const bytes = address(entry, is64 ? 32 : 16);
    if (bytes > maxInterpreterBytes || !Number.isSafeInteger(at)) return undefined;
    return { arch, interpreter: readAt(fd, at, bytes).toString().replace(/\0.*$/s, '') };
  }
  return { arch };
}

function readAt(fd: number, position: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  return buffer.subarray(0, readSync(fd, buffer, 0, bytes, position));
}
