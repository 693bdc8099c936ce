import { telemetryPending } from '../../domain/limits.ts';
import type { LogsDropped } from '../../domain/story.ts';
import type { Buffering } from './read-buffering.ts';
import { encodeLogsDropped, type WireEvent } from './wire-event.ts';

/** Events, counted; `bytes` are of their texts, without what a protocol puts between them. */
export interface Amount {
  readonly records: number;
  readonly bytes: number;
}

export interface Batch extends Amount {
  readonly texts: readonly string[];
}

interface OpenBatch {
  readonly texts: string[];
  bytes: number;
  /** Epoch milliseconds from which on it may go out. */
  dueAtMs: number;
}

export interface OutboxParts {
  readonly buffering: Buffering;
  /** Told once per stretch of lost events, when it has ended. */
  readonly onDropped: (lost: Amount, reason: string) => void;
  readonly limits?: PendingLimits;
}

/** See `telemetryPending`. */
export type PendingLimits = { readonly [name in keyof typeof telemetryPending]: number };

const fallenBehind = 'Consumer seems to have fallen behind as it has not acknowledged receipt of logs.';

/**
 * The bounded buffer of one subscription, first in first out. Events are put into batches as they come; a batch goes
 * out when it is full, or `timeoutMs` after its first event. What is taken counts as held until it is acknowledged.
 *
 * What does not fit is dropped and counted, and `platform.logsDropped` takes its place in the stream as soon as there
 * is room: after all that came before the loss, before all that came after it. Lines and platform events have limits
 * of their own, so a loss may be of lines only; the notice then stands before the next platform event.
 */
export class Outbox {
  readonly #buffering: Buffering;
  readonly #limits: PendingLimits;
  readonly #onDropped: OutboxParts['onDropped'];
  /** Oldest first; events are added to the last. */
  readonly #batches: OpenBatch[] = [];
  #pending = { records: 0, bytes: 0 };
  #delivered = { records: 0, bytes: 0 };
  #dropped = { records: 0, bytes: 0 };
  /** Lost since the last notice. */
  #gap = { records: 0, bytes: 0 };
  #isFlushed = false;

  constructor(parts: OutboxParts) {
    this.#buffering = parts.buffering;
    this.#onDropped = parts.onDropped;
    this.#limits = parts.limits ?? telemetryPending;
  }

  /** Held and not acknowledged. */
  get pending(): Amount {
    return this.#pending;
  }

  get delivered(): Amount {
    return this.#delivered;
  }

  get dropped(): Amount {
    return this.#dropped;
  }

  /** When the oldest batch may go out, epoch milliseconds; undefined where there is none. */
  get dueAtMs(): number | undefined {
    return this.#batches[0]?.dueAtMs;
  }

  offer(event: WireEvent, nowMs: number): void {
    if (!this.#fits(event)) {
      this.#gap = plus(this.#gap, 1, event.bytes);
      this.#dropped = plus(this.#dropped, 1, event.bytes);
      return;
    }
    this.#tellGap(nowMs);
    this.#append(event, nowMs);
  }

  /** Counts what was lost before it could be offered. */
  miss(lost: Amount, reason: string, nowMs: number): void {
    if (lost.records === 0) return;
    this.#dropped = plus(this.#dropped, lost.records, lost.bytes);
    this.#tellLoss(lost, reason, nowMs);
  }

  /** The oldest batch, whether due or not. */
  take(): Batch | undefined {
    const batch = this.#batches.shift();
    return batch && { texts: batch.texts, records: batch.texts.length, bytes: batch.bytes };
  }

  /** `batch`, taken before, has been delivered: there is room again. */
  acknowledge(batch: Amount, nowMs: number): void {
    this.#pending = plus(this.#pending, -batch.records, -batch.bytes);
    this.#delivered = plus(this.#delivered, batch.records, batch.bytes);
    const { maxBytes, maxRecords } = this.#limits;
    if (this.#pending.bytes < maxBytes && this.#pending.records < maxRecords) this.#tellGap(nowMs);
  }

  /** Everything held may go out at once, and so may all that is still to come. */
  flush(): void {
    this.#isFlushed = true;
    for (const batch of this.#batches) batch.dueAtMs = 0;
  }

  /** Ends it: all that is held, and every loss not yet noticed, is told as lost. */
  abandon(reason: string): void {
    const { records, bytes } = plus(this.#gap, this.#pending.records, this.#pending.bytes);
    this.#dropped = plus(this.#dropped, this.#pending.records, this.#pending.bytes);
    this.#pending = { records: 0, bytes: 0 };
    this.#gap = { records: 0, bytes: 0 };
    this.#batches.length = 0;
    if (records > 0) this.#onDropped({ records, bytes }, reason);
  }

  #fits({ kind, bytes }: WireEvent): boolean {
    const { maxBytes, maxRecords, platformReserveBytes, platformReserveRecords } = this.#limits;
    const [moreBytes, moreRecords] =
      kind === 'platform' ? [platformReserveBytes, platformReserveRecords] : [0, 0];
    return (
      this.#pending.bytes + bytes <= maxBytes + moreBytes && this.#pending.records < maxRecords + moreRecords
    );
  }

  #tellGap(nowMs: number): void {
    if (this.#gap.records === 0) return;
    const lost = this.#gap;
    this.#gap = { records: 0, bytes: 0 };
    this.#tellLoss(lost, fallenBehind, nowMs);
  }

  /** The notice may go over the limits: there is at most one for every event that is held, and one more. */
  #tellLoss(lost: Amount, reason: string, nowMs: number): void {
    const record: LogsDropped = { droppedBytes: lost.bytes, droppedRecords: lost.records, reason };
    this.#append(encodeLogsDropped(nowMs, record), nowMs);
    this.#onDropped(lost, reason);
  }

  #append({ text, bytes }: WireEvent, nowMs: number): void {
    const { maxItems, maxBytes, timeoutMs } = this.#buffering;
    let batch = this.#batches.at(-1);
    if (!batch || batch.texts.length >= maxItems || batch.bytes >= maxBytes) {
      batch = { texts: [], bytes: 0, dueAtMs: this.#isFlushed ? 0 : nowMs + timeoutMs };
      this.#batches.push(batch);
    }
    batch.texts.push(text);
    batch.bytes += bytes;
    this.#pending = plus(this.#pending, 1, bytes);
    if (batch.texts.length >= maxItems || batch.bytes >= maxBytes) batch.dueAtMs = 0;
  }
}

function plus(amount: Amount, records: number, bytes: number): { records: number; bytes: number } {
  return { records: amount.records + records, bytes: amount.bytes + bytes };
}
