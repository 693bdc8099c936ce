import { readFileSync } from 'node:fs';
import type { ProcessUsage } from '../../domain/story.ts';
import type { ResourceUsage } from './protocol.ts';

/** What the kernel accounts for, in story terms. */
export function processUsage({ userUs, systemUs, maxResidentKiB }: ResourceUsage): ProcessUsage {
  return { cpuMs: (userUs + systemUs) / 1000, maxResidentMiB: maxResidentKiB / 1024 };
}

/** /proc counts CPU time in these on every architecture. */
const tickMs = 10;

/**
 * What a process that still lives has used, from its directory in /proc: CPU time to 10 ms, with that of children it
 * waited for, but its own memory only. Undefined where it is gone.
 */
export function livingUsage(directory: string): ProcessUsage | undefined {
  try {
    const stat = readFileSync(`${directory}/stat`, 'latin1');
    // A name in brackets comes second and may hold anything; after it, the state is the third field.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(14 - 3, 18 - 3).reduce((sum, field) => sum + Number(field), 0);
    const [, residentKiB] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`${directory}/status`, 'latin1')) ?? [];
    if (residentKiB === undefined) return undefined;
    return { cpuMs: ticks * tickMs, maxResidentMiB: Number(residentKiB) / 1024 };
  } catch {
    return undefined;
  }
}
