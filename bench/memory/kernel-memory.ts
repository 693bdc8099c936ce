import { readFileSync } from 'node:fs';

/** What the kernel holds for everybody on this machine, KiB. `pageCache` are pages of files, `/tmp` images included. */
export interface KernelMemory {
  readonly slab: number;
  readonly perCpu: number;
  readonly pageCache: number;
}

export function kernelMemory(): KernelMemory {
  const text = readFileSync('/proc/meminfo', 'latin1');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]);
  return { slab: field('Slab'), perCpu: field('Percpu'), pageCache: field('Cached') + field('Buffers') };
}
