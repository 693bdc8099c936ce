import {
  endingAnswerTimeoutMs,
  subscriberAnswerRestTimeoutMs,
  subscriberAnswerTimeoutMs,
} from '../../domain/limits.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { SetAlarm } from './alarm.ts';
import type { Batch, Outbox } from './outbox.ts';
import type { Sender, SendOutcome } from './sender.ts';
import { ThawedAlarm } from './thawed-alarm.ts';
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
 * Nobody waits for it, and it never throws. A subscriber may take its time to answer, but not forever.
 *
 * Frozen, nothing is begun; a batch under way simply waits, and its time does not run. What fell due meanwhile goes out
 * at the thaw.
 */
export class Courier {
  readonly #parts: CourierParts;
  #state: 'running' | 'frozen' | 'closed' = 'running';
  #errand: Errand | undefined;
  #sending = false;
  #isEnding = false;
  /** How long the subscriber is still waited for. */
  readonly #patience: ThawedAlarm;
  #alarm: { readonly atMs: number; readonly cancel: () => void } | undefined;
  #lastFailure: string | undefined;

  constructor(parts: CourierParts) {
    this.#parts = parts;
    this.#patience = new ThawedAlarm(parts.clock, parts.setAlarm);
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

  /**
   * Everything held goes out as fast as the subscriber takes it, a batch that waits for its retry first; so does what
   * is offered from now on. There is little time left, so the subscriber has less to answer.
   */
  flush(): void {
    this.#isEnding = true;
    this.#patience.hasten(endingAnswerTimeoutMs);
    this.#parts.outbox.flush();
    if (this.#errand) this.#errand.retryAtMs = 0;
    this.#plan();
  }

  freeze(): void {
    if (this.#state !== 'running') return;
    this.#state = 'frozen';
    this.#disarm();
    this.#patience.freeze();
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    this.#patience.thaw();
    this.#plan();
  }

  /** `reason`: what becomes of the events still held is told with it. */
  close(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#disarm();
    this.#patience.clear();
    this.#parts.sender.drop(reason);
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
    const answerMs = this.#isEnding ? endingAnswerTimeoutMs : subscriberAnswerTimeoutMs;
    const { rest, ...outcome } = await this.#within(answerMs, sender.send(errand.framed));
    this.#noteOutcome(errand, outcome);
    if (rest !== undefined) await this.#within(subscriberAnswerRestTimeoutMs, rest);
    this.#sending = false;
    this.#plan();
  }

  #noteOutcome(errand: Errand, outcome: SendOutcome): void {
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
  }

  /** What the subscriber does not say within `timeoutMs`, frozen time not counted, it will not say on this connection. */
  async #within<T>(timeoutMs: number, said: Promise<T>): Promise<T> {
    const { sender } = this.#parts;
    if (sender.isAnswered && this.#state !== 'closed') {
      this.#patience.set(timeoutMs, () => sender.drop(`there was no answer within ${timeoutMs / 1000} s`));
    }
    const heard = await said;
    this.#patience.clear();
    return heard;
  }

  #nextErrand(): Errand | undefined {
    const batch = this.#parts.outbox.take();
    return batch && { batch, framed: this.#parts.sender.frame(batch.texts), attempts: 0, retryAtMs: 0 };
  }
}
