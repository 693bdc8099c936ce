import { constants } from 'node:os';
import type { ExitStatus } from '../../domain/exit-status.ts';

const signalNames = new Map(
  Object.entries(constants.signals)
    // Two names of one number: the usual one is taken.
    .filter(([name]) => !['SIGIOT', 'SIGPOLL', 'SIGUNUSED'].includes(name))
    .map(([name, number]) => [number as number, name]),
);

const errnoNames = new Map(
  Object.entries(constants.errno)
    .filter(([name]) => !['EWOULDBLOCK', 'EOPNOTSUPP'].includes(name))
    .map(([name, number]) => [number as number, name]),
);

/** What wait(2) reports, in words: `exit(129)` and a death by signal 1 are different things. */
export function exitStatusOf(waitStatus: number): ExitStatus {
  const signal = waitStatus & 0x7f;
  if (signal === 0) return { code: (waitStatus >> 8) & 0xff };
  // Real-time signals have no name in libc either.
  return { signal: signalNames.get(signal) ?? `SIGRTMIN+${signal - 34}` };
}

export function errnoName(errno: number): string {
  return errnoNames.get(errno) ?? `errno ${errno}`;
}
