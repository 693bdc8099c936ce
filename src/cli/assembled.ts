import { ArtifactError } from '../artifacts/artifact-error.ts';
import type { Interrupts } from './interrupts.ts';
import { UsageError } from './usage-error.ts';

/**
 * What is being wired; undefined where an interrupt kept it from being. Code or layers that cannot be used are the user's
 * to mend, like any other argument.
 *
 * @throws UsageError
 */
export async function assembled<Whole>(
  wiring: Promise<Whole>,
  interrupts: Interrupts,
): Promise<Whole | undefined> {
  try {
    return await wiring;
  } catch (error) {
    // A command of the host that was just being started gets its share of a Ctrl-C.
    if (interrupts.count > 0) return undefined;
    if (error instanceof ArtifactError) throw new UsageError(error.message);
    throw error;
  }
}
