import type { Happening } from '../lifecycle/happening.ts';
import { StartError } from '../sandbox/driver.ts';
import type { Processes } from './processes.ts';
import type { Programs } from './programs.ts';
import type { Storyteller } from './storyteller.ts';

/** @returns what happened, where it could not be started. */
export async function launchExtension(
  name: string,
  parts: { readonly processes: Processes; readonly programs: Programs; readonly story: Storyteller },
): Promise<Happening | undefined> {
  const { processes, programs, story } = parts;
  try {
    await processes.start(name, programs.extension(name));
    story.tellProcess(name, 'started');
    return undefined;
  } catch (error) {
    if (error instanceof StartError) return { type: 'launchFailed', name, code: error.code };
    return { type: 'sandboxFailed', message: (error as Error).message };
  }
}
