import { readFileSync } from 'node:fs';

/**
 * Everything Thaw leaves in the system carries its owner's name: `<pid>-<start time>-<n>`, the start time in clock
 * ticks since boot, so that a reused PID is no alibi, and n the number of the host object within the process.
 * An owner lives in the PID namespace that looks: Thaws in different PID namespaces need state directories and
 * control groups of their own.
 */
export type Owner = string;

let opened = 0;

/** A name for one more SandboxHost of this process. */
export function newOwner(): Owner {
  opened += 1;
  return `${process.pid}-${startTime(process.pid)}-${opened}`;
}

export function isOwner(name: string): boolean {
  return /^\d+-\d+-\d+$/.test(name);
}

/** Owners of this process are alive until they are closed, even where their close failed. */
export function isAlive(owner: Owner): boolean {
  const [pid, start] = owner.split('-');
  return startTime(Number(pid)) === start;
}

/** Clock ticks since boot; undefined if there is no such process, or only its zombie. */
function startTime(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name in parentheses may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}
