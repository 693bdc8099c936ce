import { ServiceError } from '../../domain/service-error.ts';
import { Alarm } from '../../foundation/alarm.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Database } from '../../foundation/database.ts';
import { Backlog } from './backlog.ts';
import { EventStore } from './event-store.ts';
import type { QueueTerms } from './queue-terms.ts';
import type { AttemptOutcome, DiscardCondition, QueuedEvent } from './queued-event.ts';

export interface EventQueueParts {
  readonly database: Database;
  readonly terms: QueueTerms;
  /** One attempt. Where it rejects, the service itself has failed. */
  readonly run: (event: QueuedEvent, payload: Buffer) => Promise<AttemptOutcome>;
  /** Of the event's function, as it is configured now. */
  readonly policy: (event: QueuedEvent) => EventPolicy;
  /** How many events of a function may run at a time. */
  readonly concurrencyOf: (functionName: string) => number;
  readonly clock: Clock;
  /** An event is given up: nobody runs it any more. */
  readonly onDiscard: (discarded: DiscardedEvent) => void;
  readonly onError: (error: unknown) => void;
}

/** What is absent, the queue's terms are for. */
export interface EventPolicy {
  readonly maximumRetryAttempts?: number | undefined;
  readonly maximumEventAgeMs?: number | undefined;
}

export interface DiscardedEvent {
  readonly event: QueuedEvent;
  readonly condition: DiscardCondition;
  /** What happened, without the event's name. */
  readonly message: string;
}

/** Counts since the start, and what there is at this moment. */
export interface QueueFigures {
  readonly events: number;
  readonly bytes: number;
  readonly running: number;
  readonly accepted: number;
  readonly succeeded: number;
  /** Attempts on which the function failed. */
  readonly failures: number;
  /** Attempts that were throttled, or failed by the service. */
  readonly hindrances: number;
  readonly discarded: Readonly<Record<DiscardCondition, number>>;
}

/**
 * Asynchronous invocations: durable from their acceptance to their end, run at least once. What a kill interrupts runs
 * again at the next start.
 */
export class EventQueue {
  readonly #parts: EventQueueParts;
  readonly #store: EventStore;
  readonly #backlog: Backlog;
  readonly #running = new Set<Promise<void>>();
  readonly #counts = { accepted: 0, succeeded: 0, failures: 0, hindrances: 0 };
  readonly #discarded: Record<DiscardCondition, number> = {
    RetriesExhausted: 0,
    EventAgeExceeded: 0,
    ZeroReservedConcurrency: 0,
    FunctionNotFound: 0,
  };
  readonly #alarm: Alarm;
  #state: 'new' | 'open' | 'closed' = 'new';

  /** Nothing runs before `start`. @throws where the data was written by a newer Thaw. */
  constructor(parts: EventQueueParts) {
    this.#parts = parts;
    this.#store = new EventStore(parts.database);
    this.#backlog = new Backlog(parts.terms, parts.concurrencyOf);
    this.#alarm = new Alarm(parts.clock, () => this.#pump());
    for (const event of this.#store.all()) this.#backlog.add(event);
  }

  start(): void {
    this.#state = 'open';
    this.#pump();
  }

  /**
   * The event is on the disk when it returns.
   *
   * @throws ServiceError where there are too many that wait already.
   */
  accept(
    request: Pick<QueuedEvent, 'requestId' | 'functionName' | 'qualifier' | 'traceId'> & { payload: Buffer },
  ): void {
    const { requestId, functionName, qualifier, traceId, payload } = request;
    this.#refuseBeyondLimits(functionName, payload.length);
    const nowMs = Math.floor(this.#parts.clock());
    const event = this.#store.add(
      {
        requestId,
        functionName,
        ...(qualifier !== undefined && { qualifier }),
        traceId,
        size: payload.length,
        acceptedMs: nowMs,
        dueMs: nowMs,
        failures: 0,
      },
      payload,
    );
    this.#counts.accepted += 1;
    this.#backlog.add(event);
    this.#pump();
  }

  figures(): QueueFigures {
    return { ...this.#backlog.size, ...this.#counts, discarded: { ...this.#discarded } };
  }

  /** Begins no attempt any more; resolves when those under way are over, and what came of them is on the disk. */
  async close(): Promise<void> {
    this.#state = 'closed';
    this.#alarm.clear();
    await Promise.all(this.#running);
  }

  /** Begins what can be begun, and comes back when more can. */
  #pump(): void {
    if (this.#state !== 'open') return;
    const nowMs = this.#parts.clock();
    for (let event = this.#backlog.take(nowMs); event; event = this.#backlog.take(nowMs)) this.#begin(event);
    this.#alarm.set(this.#backlog.nextMs());
  }

  #begin(event: QueuedEvent): void {
    const running = this.#attempt(event)
      .catch(this.#parts.onError)
      .finally(() => {
        this.#running.delete(running);
        this.#pump();
      });
    this.#running.add(running);
  }

  async #attempt(event: QueuedEvent): Promise<void> {
    const outcome = await this.#outcomeOf(event);
    switch (outcome.type) {
      case 'succeeded':
        this.#counts.succeeded += 1;
        this.#finish(event);
        return;
      case 'failed':
        this.#counts.failures += 1;
        this.#failed({ ...event, failures: event.failures + 1 }, outcome.message);
        return;
      case 'pointless':
        this.#discard(event, outcome.condition, outcome.message);
        return;
      case 'hindered':
        this.#counts.hindrances += 1;
        this.#backlog.hinder(event, this.#parts.clock());
        return;
    }
  }

  async #outcomeOf(event: QueuedEvent): Promise<AttemptOutcome> {
    const { maximumEventAgeMs = this.#parts.terms.maximumEventAgeMs } = this.#parts.policy(event);
    if (this.#parts.clock() - event.acceptedMs > maximumEventAgeMs)
      return {
        type: 'pointless',
        condition: 'EventAgeExceeded',
        message: `it is older than ${maximumEventAgeMs / 1000} s`,
      };
    try {
      return await this.#parts.run(event, this.#store.payload(event));
    } catch (error) {
      this.#parts.onError(error);
      return { type: 'hindered', message: (error as Error).message };
    }
  }

  #failed(event: QueuedEvent, message: string): void {
    const { maximumRetryAttempts = this.#parts.terms.maximumRetryAttempts } = this.#parts.policy(event);
    const [first, second] = this.#parts.terms.retryDelaysMs;
    if (event.failures > maximumRetryAttempts) {
      this.#discard(event, 'RetriesExhausted', message);
      return;
    }
    const dueMs = Math.floor(this.#parts.clock()) + (event.failures === 1 ? first : second);
    const retried = { ...event, dueMs };
    this.#backlog.retry(retried);
    this.#store.reschedule(retried);
  }

  #discard(event: QueuedEvent, condition: DiscardCondition, message: string): void {
    this.#discarded[condition] += 1;
    this.#finish(event);
    this.#parts.onDiscard({ event, condition, message });
  }

  #finish(event: QueuedEvent): void {
    this.#backlog.finish(event);
    this.#store.remove(event);
  }

  #refuseBeyondLimits(functionName: string, size: number): void {
    const all = this.#backlog.size;
    const own = this.#backlog.sizeOf(functionName);
    const { events, bytes, eventsPerFunction, bytesPerFunction } = this.#parts.terms.backlog;
    const fits =
      all.events < events &&
      all.bytes + size <= bytes &&
      own.events < eventsPerFunction &&
      own.bytes + size <= bytesPerFunction;
    if (fits) return;
    throw new ServiceError(
      'TooManyRequestsException',
      `Rate Exceeded. Asynchronous invocations that wait already take all the room there is for ${functionName}: ${own.events} of its own, ${all.events} of all functions.`,
      'FunctionInvocationRateLimitExceeded',
    );
  }
}
