import type { QueueFigures } from '../invoke/queue/event-queue.ts';
import { family, one } from './exposition-family.ts';

/** Figures of asynchronous invocations, all functions together. */
export function queueExposition(figures: QueueFigures): string {
  const { events, bytes, running, accepted, succeeded, failures, hindrances, discarded } = figures;
  const byCondition = Object.entries(discarded).map(([condition, value]) => ({
    labels: { condition },
    value,
  }));
  return [
    family('thaw_async_events', 'gauge', 'Events that wait or run.', one(events)),
    family('thaw_async_events_bytes', 'gauge', 'Bytes of the events that wait or run.', one(bytes)),
    family('thaw_async_events_running', 'gauge', 'Events that run at this moment.', one(running)),
    family('thaw_async_events_accepted_total', 'counter', 'Events that were queued.', one(accepted)),
    family('thaw_async_events_succeeded_total', 'counter', 'Events that were worked off.', one(succeeded)),
    family(
      'thaw_async_failed_attempts_total',
      'counter',
      'Attempts on which the function failed.',
      one(failures),
    ),
    family(
      'thaw_async_hindered_attempts_total',
      'counter',
      'Attempts that were throttled, or that the service could not carry out.',
      one(hindrances),
    ),
    family('thaw_async_events_discarded_total', 'counter', 'Events that were given up.', byCondition),
  ].join('');
}
