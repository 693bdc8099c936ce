import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandMark, type Owner } from './owner.ts';

const vanishMs = 20_000;

/**
 * Kills the host commands that dead owners had under way (a mount, an OCI runtime) and waits until they are gone:
 * only then do they make nothing any more. (One that Thaw had forked, but that was not yet the command with its mark,
 * gets no input and does nothing.) Looks at every process, so only where there are dead owners.
 *
 * @throws where one does not vanish in time.
 */
export async function endCommandsOf(owners: readonly Owner[]): Promise<void> {
  if (owners.length === 0) return;
  const marks = new Set(owners.map(commandMark));
  const deadlineMs = performance.now() + vanishMs;
  for (let pids = markedProcesses(marks); pids.length > 0; pids = markedProcesses(marks)) {
    if (performance.now() > deadlineMs)
      throw new Error(
        `Processes ${pids.join(', ')} of a dead Thaw did not vanish within ${vanishMs} ms of SIGKILL`,
      );
    for (const pid of pids) tryKill(pid);
    await sleep(2);
  }
}

function markedProcesses(marks: ReadonlySet<string>): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => environmentOf(name).some((variable) => marks.has(variable)))
    .map(Number);
}

/** Empty for kernel threads, zombies, and what has just ended. */
function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
