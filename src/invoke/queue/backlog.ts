import type { QueueTerms } from './queue-terms.ts';
import type { QueuedEvent } from './queued-event.ts';

/** One function's events. */
interface Lane {
  readonly functionName: string;
  /** Those that do not run, what is due first at the beginning. */
  readonly waiting: QueuedEvent[];
  /** Of those that wait and those that run. */
  events: number;
  bytes: number;
  running: number;
  /** Hindrances since the last attempt that was none. */
  hindrances: number;
  pausedUntilMs: number;
}

/**
 * Which event runs next: decided here, without time of its own (epoch ms) and without deeds. A function with fewer
 * events running goes first, then whoever has not been served for longest.
 */
export class Backlog {
  readonly #terms: Pick<QueueTerms, 'maxRunning' | 'pauseMs'>;
  readonly #concurrencyOf: (functionName: string) => number;
  /** Served longest ago first. */
  readonly #lanes = new Map<string, Lane>();
  #running = 0;
  #events = 0;
  #bytes = 0;

  /** @param concurrencyOf how many of a function's events may run at a time, as far as it is limited. At least 1. */
  constructor(
    terms: Pick<QueueTerms, 'maxRunning' | 'pauseMs'>,
    concurrencyOf: (functionName: string) => number,
  ) {
    this.#terms = terms;
    this.#concurrencyOf = concurrencyOf;
  }

  get size(): { readonly events: number; readonly bytes: number; readonly running: number } {
    return { events: this.#events, bytes: this.#bytes, running: this.#running };
  }

  sizeOf(functionName: string): { readonly events: number; readonly bytes: number } {
    return this.#lanes.get(functionName) ?? { events: 0, bytes: 0 };
  }

  add(event: QueuedEvent): void {
    const { functionName } = event;
    const lane = this.#lanes.get(functionName) ?? newLane(functionName);
    this.#lanes.set(functionName, lane);
    this.#count(lane, event, 1);
    insert(lane.waiting, event);
  }

  /** The event to run now, which then counts as running; undefined where none is due or none may. */
  take(nowMs: number): QueuedEvent | undefined {
    let chosen: Lane | undefined;
    for (const lane of this.#lanes.values())
      if (lane.running < (chosen?.running ?? Number.POSITIVE_INFINITY) && this.#readyMs(lane) <= nowMs)
        chosen = lane;
    if (chosen === undefined) return undefined;
    this.#lanes.delete(chosen.functionName);
    this.#lanes.set(chosen.functionName, chosen);
    chosen.running += 1;
    this.#running += 1;
    // While a function is hindered, one event at a time finds out whether it still is.
    if (chosen.hindrances > 0) this.#pause(chosen, nowMs);
    return chosen.waiting.shift();
  }

  /** It is over, for good. */
  finish(event: QueuedEvent): void {
    const lane = this.#leave(event);
    resume(lane);
    this.#count(lane, event, -1);
    if (lane.events === 0) this.#lanes.delete(lane.functionName);
  }

  /** It ran, and runs again at another time. */
  retry(event: QueuedEvent): void {
    const lane = this.#leave(event);
    resume(lane);
    insert(lane.waiting, event);
  }

  /** It could not run: its function's events pause. */
  hinder(event: QueuedEvent, nowMs: number): void {
    const lane = this.#leave(event);
    insert(lane.waiting, event);
    lane.hindrances += 1;
    this.#pause(lane, nowMs);
  }

  /** When the next event can be taken, as far as nothing happens before; undefined where that has to. */
  nextMs(): number | undefined {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes.values()) nextMs = Math.min(nextMs, this.#readyMs(lane));
    return Number.isFinite(nextMs) ? nextMs : undefined;
  }

  #readyMs(lane: Lane): number {
    const [first] = lane.waiting;
    if (first === undefined || !this.#mayRun(lane)) return Number.POSITIVE_INFINITY;
    return Math.max(first.dueMs, lane.pausedUntilMs);
  }

  #mayRun({ functionName, running }: Lane): boolean {
    const { maxRunning } = this.#terms;
    if (this.#running >= maxRunning && (running > 0 || this.#running >= 2 * maxRunning)) return false;
    return running === 0 || running < this.#concurrencyOf(functionName);
  }

  #pause(lane: Lane, nowMs: number): void {
    const { first, longest } = this.#terms.pauseMs;
    lane.pausedUntilMs = nowMs + Math.min(longest, first * 2 ** (lane.hindrances - 1));
  }

  #leave({ functionName }: QueuedEvent): Lane {
    const lane = this.#lanes.get(functionName)!;
    lane.running -= 1;
    this.#running -= 1;
    return lane;
  }

  #count(lane: Lane, { size }: QueuedEvent, sign: 1 | -1): void {
    lane.events += sign;
    lane.bytes += sign * size;
    this.#events += sign;
    this.#bytes += sign * size;
  }
}

function newLane(functionName: string): Lane {
  return { functionName, waiting: [], events: 0, bytes: 0, running: 0, hindrances: 0, pausedUntilMs: 0 };
}

function resume(lane: Lane): void {
  lane.hindrances = 0;
  lane.pausedUntilMs = 0;
}

/** Behind those due at the same time. New events, the usual case, belong near the end. */
function insert(waiting: QueuedEvent[], event: QueuedEvent): void {
  const comesAfter = (other: QueuedEvent) =>
    other.dueMs > event.dueMs || (other.dueMs === event.dueMs && other.sequence > event.sequence);
  let low = 0;
  let high = waiting.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comesAfter(waiting[middle]!)) high = middle;
    else low = middle + 1;
  }
  waiting.splice(low, 0, event);
}
