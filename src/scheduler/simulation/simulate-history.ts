import { Random } from '../../lifecycle/simulation/random.ts';
import { Violation } from '../../lifecycle/simulation/violation.ts';
import { drawHistory } from './history.ts';
import { type MakeDispatcher, World } from './world.ts';

/** One history of callers, updates and environments, from its first arrival until everything is closed. */
export function simulateHistory(make: MakeDispatcher, seed: number): readonly string[] {
  const random = new Random(seed);
  const history = drawHistory(random);
  const world = new World(history, random, make);
  try {
    world.run();
  } catch (error) {
    throw new Violation(seed, (error as Error).message, [JSON.stringify(history), ...world.trace.slice(-40)]);
  }
  return world.trace;
}
