import { readFileSync } from 'node:fs';

/**
 * `<pid>-<start time>` of a process, the start time in clock ticks since boot: PIDs return, pairs do not. What a
 * process leaves behind can so be told from what it still uses, in one PID namespace.
 */
export function processName(pid: number = process.pid): string {
  return `${pid}-${startTime(pid)}`;
}

/** Whether the process of that name still runs. A zombie does not. */
export function isRunning(name: string): boolean {
  const [pid, start] = name.split('-');
  return start !== undefined && startTime(Number(pid)) === start;
}

function startTime(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The program's name in parentheses may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}
