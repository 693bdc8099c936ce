import type { SchedulerFigures } from '../scheduler/scheduler-event.ts';
import { family, one } from './exposition-family.ts';
import type { ThrottleCount } from './throttle-counts.ts';

/** The scheduler's figures in the Prometheus text exposition, format 0.0.4. */
export function schedulerExposition(figures: SchedulerFigures, throttles: readonly ThrottleCount[]): string {
  const { environments, waiting, unreservedConcurrentExecutions, coldStarts, failedStarts } = figures;
  const states = Object.entries(environments).map(([state, value]) => ({ labels: { state }, value }));
  const throttled = throttles.map(({ functionName, reason, count }) => ({
    labels: { function: functionName, reason },
    value: count,
  }));
  return [
    family('thaw_environments', 'gauge', 'Live environments, by state.', states),
    family('thaw_invocations_waiting', 'gauge', 'Invocations that wait for an environment.', one(waiting)),
    family(
      'thaw_unreserved_concurrent_executions',
      'gauge',
      'Invocations without an answer that no reserved concurrency covers.',
      one(unreservedConcurrentExecutions),
    ),
    family(
      'thaw_cold_starts_total',
      'counter',
      'Invocations that were the first of their environment.',
      one(coldStarts),
    ),
    family('thaw_failed_starts_total', 'counter', 'Environments that could not be made.', one(failedStarts)),
    family('thaw_throttles_total', 'counter', 'Invocations refused for their number.', throttled),
  ].join('');
}
