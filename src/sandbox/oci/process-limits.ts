import { readFileSync } from 'node:fs';
import type { ResourceLimit } from './config.ts';

const KiB = 1024;
const CAP_SYS_RESOURCE = 24n;

/** The names /proc gives to the limits that are set. */
const procNames = {
  RLIMIT_NOFILE: 'Max open files',
  RLIMIT_CORE: 'Max core file size',
  RLIMIT_MEMLOCK: 'Max locked memory',
  RLIMIT_STACK: 'Max stack size',
} as const;

/**
 * The limits of each sandboxed process. A core limit of 1 is the kernel's own sign for "no core dump at all"; with 0
 * the dump would still be piped to the host's crash handler. Without CAP_SYS_RESOURCE nothing can be above what
 * Thaw itself has.
 */
export function processLimits(maxOpenFiles: number): ResourceLimit[] {
  const wanted = {
    RLIMIT_NOFILE: maxOpenFiles,
    RLIMIT_CORE: 1,
    RLIMIT_MEMLOCK: 64 * KiB,
    RLIMIT_STACK: 8192 * KiB,
  };
  const own = mayRaiseLimits() ? '' : readFileSync('/proc/self/limits', 'latin1');
  return Object.entries(wanted).map(([type, value]) => {
    const limit = Math.min(value, hardLimit(own, procNames[type as keyof typeof procNames]));
    return { type, soft: limit, hard: limit };
  });
}

/** oom_score_adj of supervisor and programs: the supervisor is the last one the OOM killer takes. */
export function oomScores(): { readonly supervisor: number | undefined; readonly programs: number } {
  if (mayRaiseLimits()) return { supervisor: -999, programs: 0 };
  // The supervisor keeps Thaw's own score, which it may not lower; programs are put above it.
  const own = Number(readFileSync('/proc/self/oom_score_adj', 'latin1'));
  return { supervisor: undefined, programs: Math.min(1000, own + 100) };
}

function mayRaiseLimits(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
  return ((BigInt(`0x${effective}`) >> CAP_SYS_RESOURCE) & 1n) === 1n;
}

function hardLimit(limits: string, name: string): number {
  const hard = new RegExp(`^${name}\\s+\\S+\\s+(\\d+)`, 'm').exec(limits)?.[1];
  return hard === undefined ? Number.POSITIVE_INFINITY : Number(hard);
}
