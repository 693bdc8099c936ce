import type { FunctionLoad } from './entries.ts';
import type { Fleet } from './fleet.ts';
import type { Refusal } from './order.ts';

/** What bounds concurrency; times and places have bounds of their own. */
export interface Bounds {
  readonly concurrentExecutions: number;
  /** Sum of all reservations. */
  readonly reservedTotal: number;
}

/**
 * Why one more invocation of a function has to be refused, if it has.
 *
 * What counts is invocations without an answer. One that was answered, but whose extensions are still at work, still has
 * its environment: the next one waits for that rather than being refused, so that whoever calls again right after an
 * answer is not turned away by a reservation of 1.
 */
export function overLimit(fleet: Fleet, load: FunctionLoad, bounds: Bounds): Refusal | undefined {
  if (load.reserved !== undefined)
    return load.unanswered < load.reserved ? undefined : { type: 'reserved-concurrency' };
  const pool = unreservedPool(bounds);
  const within = fleet.unanswered < pool || unreserved(fleet, 'unanswered') < pool;
  return within ? undefined : { type: 'account-concurrency' };
}

/** How many more environments of a function may be at work at this moment. */
export function headroom(fleet: Fleet, load: FunctionLoad, bounds: Bounds): number {
  if (load.reserved !== undefined) return load.reserved - load.busy;
  const pool = unreservedPool(bounds);
  return fleet.busy < pool ? pool - fleet.busy : pool - unreserved(fleet, 'busy');
}

function unreservedPool({ concurrentExecutions, reservedTotal }: Bounds): number {
  return Math.max(0, concurrentExecutions - reservedTotal);
}

/** Counts function by function: only where all functions together have reached the pool. */
export function unreserved(fleet: Fleet, what: 'unanswered' | 'busy'): number {
  let sum = 0;
  for (const load of fleet.loads.values()) if (load.reserved === undefined) sum += load[what];
  return sum;
}
