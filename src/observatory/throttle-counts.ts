import { maxMeteredFunctions } from '../domain/limits.ts';
import type { ThrottleReason } from '../domain/service-error.ts';
import type { SchedulerEvent } from '../scheduler/scheduler-event.ts';
import { others } from '../telemetry/metrics/function-metrics.ts';

export interface ThrottleCount {
  readonly functionName: string;
  readonly reason: ThrottleReason;
  readonly count: number;
}

/** Invocations that were refused for their number, by function. Bounded: further functions count as one. */
export class ThrottleCounts {
  readonly #counts = new Map<string, Map<ThrottleReason, number>>();

  readonly read = (event: SchedulerEvent): void => {
    if (event.type !== 'throttled') return;
    // The sum of the others takes no place itself.
    const places = maxMeteredFunctions + (this.#counts.has(others) ? 1 : 0);
    const isFull = this.#counts.size >= places && !this.#counts.has(event.functionName);
    const name = isFull ? others : event.functionName;
    const reasons = this.#counts.get(name) ?? new Map<ThrottleReason, number>();
    this.#counts.set(name, reasons);
    reasons.set(event.reason, (reasons.get(event.reason) ?? 0) + 1);
  };

  /** To be called when a function is deleted: it gives its place back. */
  forget(functionName: string): void {
    this.#counts.delete(functionName);
  }

  list(): ThrottleCount[] {
    return [...this.#counts].flatMap(([functionName, reasons]) =>
      [...reasons].map(([reason, count]) => ({ functionName, reason, count })),
    );
  }
}
