import { isRunning, processName } from '../foundation/process-name.ts';

/**
 * Everything Thaw leaves in the system carries its owner's name: `<pid>-<start time>-<n>`, the start time in clock
 * ticks since boot, so that a reused PID is no alibi, and n the number of the host object within the process.
 * An owner lives in the PID namespace that looks: Thaws in different PID namespaces need state directories and
 * control groups of their own.
 */
export type Owner = string;

let opened = 0;
const mark = 'THAW_COMMAND_OF';

/**
 * The environment of a host command that this process starts: it is marked, so that one which outlives a killed
 * Thaw can be found and ended before what it makes is reaped.
 */
export function commandEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, [mark]: processName() };
}

/** The mark that commands of that owner carry in their environment. */
export function commandMark(owner: Owner): string {
  return `${mark}=${owner.split('-').slice(0, 2).join('-')}`;
}

/** A name for one more SandboxHost of this process. */
export function newOwner(): Owner {
  opened += 1;
  return `${processName()}-${opened}`;
}

export function isOwner(name: string): boolean {
  return /^\d+-\d+-\d+$/.test(name);
}

/** Owners of this process are alive until they are closed, even where their close failed. */
export function isAlive(owner: Owner): boolean {
  return isRunning(owner.split('-').slice(0, 2).join('-'));
}
