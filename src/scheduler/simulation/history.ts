import type { Random } from '../../lifecycle/simulation/random.ts';
import type { SchedulerTerms } from '../terms.ts';

/** What one history is about: drawn once, from its seed. Times in ms. */
export interface History {
  readonly terms: SchedulerTerms;
  readonly functionNames: readonly string[];
  /** How long the callers keep coming. */
  readonly lengthMs: number;
  readonly arrivals: number;
  readonly longest: { readonly startMs: number; readonly invocationMs: number; readonly closeMs: number };
  /** How often what can go wrong does. */
  readonly mischief: number;
}

export function drawHistory(random: Random): History {
  const functions = random.whole(1, 4);
  return {
    terms: {
      concurrentExecutions: random.pick([4, 10, 1000]),
      maxEnvironments: random.pick([1, 2, 3, 5, 100]),
      parallelStarts: random.whole(1, 3),
      startSlotMs: random.pick([10, 50, 1000]),
      idleTimeoutMs: random.pick([20, 200, 2000]),
      maxWaiting: random.pick([3, 20, 1000]),
      waitTimeoutMs: random.pick([100, 1_000_000]),
      turnMs: random.pick([0, 30, 100]),
      expiryMarginMs: 0,
    },
    functionNames: Array.from({ length: functions }, (_, index) => `fn-${index}`),
    lengthMs: random.pick([100, 500, 1500]),
    arrivals: random.pick([5, 40, 120]),
    longest: {
      startMs: random.pick([5, 60]),
      invocationMs: random.pick([5, 40]),
      closeMs: random.pick([1, 30]),
    },
    mischief: random.pick([0, 0.05, 0.25]),
  };
}
