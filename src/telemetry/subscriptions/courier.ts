import type { Clock } from '../../foundation/clock.ts';
import type { SetAlarm } from './alarm.ts';
import type { Batch, Outbox } from './outbox.ts';
import type { Sender } from './sender.ts';
import type { WireEvent } from './wire-event.ts';

/** Waits between two attempts at the same batch: doubled from the first to the longest. */
const retryMs = { first: 25, longest: 1000 } as const;

export interface CourierParts {
  readonly outbox: Outbox;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly setAlarm: SetAlarm;
}

/** A batch on its way. `framed` is made once: every attempt sends the same bytes. */
interface Errand {
  readonly batch: Batch;
  readonly framed: Buffer;
  attempts: number;
  retryAtMs: number;
}

/**
 * Carries one subscription's batches from its outbox to its subscriber: one at a time, each until it is acknowledged.
 * Nobody waits for it, and it never throws.
 *
 * Frozen, nothing is begun; a batch under way simply waits. What fell due meanwhile goes out at the thaw.
 */
export class Courier {
  readonly #parts: CourierParts;
  #state: 'running' | 'frozen' | 'closed' = 'running';
  #errand: Errand | undefined;
  #sending = false;
  #alarm: { readonly atMs: number; readonly cancel: () => void } | undefined;
  #lastFailure: string | undefined;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Why the latest attempt failed; undefined once a batch went through. */
  get lastFailure(): string | undefined {
    return this.#lastFailure;
  }

  offer(events: readonly WireEvent[]): void {
    if (events.length === 0 || this.#state === 'closed') return;
    const nowMs = this.#parts.clock();
    for (const event of events) this.#parts.outbox.offer(event, nowMs);
    this.#plan();
  }

  /** Everything held goes out as fast as the subscriber takes it, a batch that waits for its retry first. */
  flush(): void {
    this.#parts.outbox.flush();
    if (this.#errand) this.#errand.retryAtMs = 0;
    this.#plan();
  }

  freeze(): void {
    if (this.#state !== 'running') return;
    this.#state = 'frozen';
    this.#disarm();
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    this.#plan();
  }

  /** `reason`: what becomes of the events still held is told with it. */
  close(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#disarm();
    this.#parts.sender.close();
    this.#parts.outbox.abandon(reason);
  }

  /** Sees to it that the alarm rings when there is next something to send, and at no other time. */
  #plan(): void {
    if (this.#state !== 'running' || this.#sending) return;
    const atMs = this.#errand?.retryAtMs ?? this.#parts.outbox.dueAtMs;
    if (atMs === undefined || this.#alarm?.atMs === atMs) return;
    this.#disarm();
    const cancel = this.#parts.setAlarm(Math.max(0, atMs - this.#parts.clock()), () => {
      this.#alarm = undefined;
      void this.#send();
    });
    this.#alarm = { atMs, cancel };
  }

  #disarm(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
  }

  async #send(): Promise<void> {
    const { sender } = this.#parts;
    const errand = this.#errand ?? this.#nextErrand();
    if (!errand) return;
    this.#errand = errand;
    this.#sending = true;
    const outcome = await sender.send(errand.framed);
    this.#sending = false;
    if (this.#state === 'closed') return;
    const nowMs = this.#parts.clock();
    if (outcome.delivered) {
      this.#lastFailure = undefined;
      this.#errand = undefined;
      this.#parts.outbox.acknowledge(errand.batch, nowMs);
    } else {
      this.#lastFailure = outcome.reason;
      const waitMs = Math.min(retryMs.longest, retryMs.first * 2 ** errand.attempts);
      if (!outcome.stale) errand.attempts += 1;
      errand.retryAtMs = outcome.stale ? nowMs : nowMs + waitMs;
    }
    this.#plan();
  }

  #nextErrand(): Errand | undefined {
    const batch = this.#parts.outbox.take();
    return batch && { batch, framed: this.#parts.sender.frame(batch.texts), attempts: 0, retryAtMs: 0 };
  }
}
