import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessMemory {
  readonly name: string;
  /** Its private pages and its share of the shared ones, KiB. */
  readonly pssKiB: number;
  /** Of these, what is no page of a file: heap, stacks, buffers. */
  readonly anonymousKiB: number;
}

/**
 * The processes that serve environments and are part of none of their functions: children of `thaw` outside of the
 * sandboxes, and the first process of each sandbox.
 */
export function servingProcesses(thaw: number): ProcessMemory[] {
  const found: ProcessMemory[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || entry === String(thaw)) continue;
    const status = readIfAlive(`/proc/${entry}/status`);
    if (status === undefined) continue;
    const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
    const innerPid = field('NSpid').split('\t').slice(1).at(-1);
    const isSupervisor = innerPid === '1' && belongsTo(thaw, entry);
    const isHelper = innerPid === undefined && field('PPid') === String(thaw);
    if (isSupervisor || isHelper) found.push(memoryOf(Number(entry)));
  }
  return found;
}

export function memoryOf(pid: number): ProcessMemory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]);
  const name = readFileSync(`/proc/${pid}/comm`, 'latin1').trim();
  return { name, pssKiB: field('Pss'), anonymousKiB: field('Pss_Anon') };
}

/** Groups are named after the process that made them. */
function belongsTo(thaw: number, pid: string): boolean {
  return readIfAlive(`/proc/${pid}/cgroup`)?.includes(`thaw/${thaw}-`) ?? false;
}

function readIfAlive(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It ended between the listing and the reading.
    return undefined;
  }
}
