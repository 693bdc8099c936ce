import type { MountPlan } from '../domain/mount-plan.ts';
import type { Happening } from '../lifecycle/happening.ts';
import { runtimeProcess } from '../lifecycle/life.ts';
import { StartError } from '../sandbox/driver.ts';
import { missingBootstrap, unstartableRuntime } from './bootstrap-path.ts';
import type { Processes } from './processes.ts';
import type { Programs } from './programs.ts';
import type { Storyteller } from './storyteller.ts';

/** @returns what happened, where it could not be started. */
export async function startRuntime(parts: {
  readonly processes: Processes;
  readonly programs: Programs;
  readonly story: Storyteller;
  readonly mounts: MountPlan;
}): Promise<Happening | undefined> {
  const { processes, programs, story, mounts } = parts;
  try {
    const path = programs.bootstrap();
    if (path === undefined) return { type: 'runtimeStartFailed', fault: missingBootstrap() };
    await processes.start(runtimeProcess, programs.runtime(path));
    story.tellProcess(runtimeProcess, 'started');
    return undefined;
  } catch (error) {
    if (error instanceof StartError)
      return { type: 'runtimeStartFailed', fault: unstartableRuntime(error, programs.files, mounts) };
    return { type: 'sandboxFailed', message: (error as Error).message };
  }
}
