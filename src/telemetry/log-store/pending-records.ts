import { encodeRecord, type StoredEvent } from './record.ts';

/** `bytes` are of records. */
export interface Lost {
  readonly events: number;
  readonly bytes: number;
  /** Of the first of them; undefined as long as it is not known. */
  readonly reason?: string;
}

const nothing: Lost = { events: 0, bytes: 0 };

/**
 * What is still to be written, oldest first, bounded. When an event does not fit, a stretch of loss begins: it and all
 * that come after it are dropped and counted, until everything held is written. Then a marker stands in their place.
 */
export class PendingRecords {
  readonly #maxBytes: number;
  readonly #records: { readonly text: string; readonly bytes: number; readonly timestamp: number }[] = [];
  #bytes = 0;
  #stretch = nothing;
  #lost = nothing;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  /** Of the first to be written. */
  get oldestTimestamp(): number | undefined {
    return this.#records[0]?.timestamp;
  }

  /** Of all stretches together. */
  get lost(): Lost {
    return this.#lost;
  }

  /** False: it was dropped. */
  offer(event: StoredEvent): boolean {
    const text = encodeRecord(event);
    const bytes = Buffer.byteLength(text);
    const fits = this.#stretch.events === 0 && this.#bytes + bytes <= this.#maxBytes;
    if (fits) this.#append(text, bytes, event.timestamp);
    else this.#drop(1, bytes);
    return fits;
  }

  /** The oldest records, whole: `maxBytes` of them, or one where the first is larger. */
  peek(maxBytes: number): Buffer {
    const texts: string[] = [];
    let total = 0;
    for (const { text, bytes } of this.#records) {
      if (texts.length > 0 && total + bytes > maxBytes) break;
      texts.push(text);
      total += bytes;
    }
    return Buffer.from(texts.join(''));
  }

  /** `bytes` of what was peeked at are written. */
  written(bytes: number): void {
    let records = 0;
    for (let rest = bytes; rest > 0; records += 1) rest -= this.#records[records]!.bytes;
    this.#records.splice(0, records);
    this.#bytes -= bytes;
  }

  /** Where everything held is written, a stretch of loss ends with a marker that tells `reason`. */
  endStretch(reason: string, nowMs: number): void {
    if (!this.isEmpty || this.#stretch.events === 0) return;
    const { events, bytes } = this.#stretch;
    this.#stretch = nothing;
    this.#lost = { reason, ...this.#lost };
    const message = `thaw: ${events} log events (${bytes} bytes) are missing here: ${reason}`;
    const text = encodeRecord({ timestamp: nowMs, ingestionTime: nowMs, message });
    this.#append(text, Buffer.byteLength(text), nowMs);
  }

  /** Gives up what is held. */
  clear(reason: string): void {
    this.#drop(this.#records.length, this.#bytes);
    if (this.#stretch.events > 0) this.#lost = { reason, ...this.#lost };
    this.#records.length = 0;
    this.#bytes = 0;
  }

  #append(text: string, bytes: number, timestamp: number): void {
    this.#records.push({ text, bytes, timestamp });
    this.#bytes += bytes;
  }

  #drop(events: number, bytes: number): void {
    this.#stretch = plus(this.#stretch, events, bytes);
    this.#lost = plus(this.#lost, events, bytes);
  }
}

function plus(lost: Lost, events: number, bytes: number): Lost {
  return { ...lost, events: lost.events + events, bytes: lost.bytes + bytes };
}
