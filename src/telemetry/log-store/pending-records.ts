import { encodeRecord, type StoredEvent } from './record.ts';
import { RecordBlock } from './record-block.ts';

/** `bytes` are of records. */
export interface Lost {
  readonly events: number;
  readonly bytes: number;
  /** Of the first of them; undefined as long as it is not known. */
  readonly reason?: string;
}

/** Most of the time there is one block, and little in it. Where the disk cannot keep up, it gets more at a time. */
const firstBlockBytes = 64 * 1024;
const laterBlockBytes = 1024 * 1024;

const nothing: Lost = { events: 0, bytes: 0 };

/**
 * What is still to be written, oldest first, bounded. When an event does not fit, a stretch of loss begins: it and all
 * that come after it are dropped and counted, until everything held is written. Then a marker stands in their place.
 */
export class PendingRecords {
  readonly #maxBytes: number;
  /** None of them empty. */
  readonly #blocks: RecordBlock[] = [];
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
    return this.#blocks.length === 0;
  }

  /** Of the first to be written. */
  get oldestTimestamp(): number | undefined {
    return this.#blocks[0]?.timestamp;
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

  /** Some of the oldest records, whole: at most `maxBytes` of them, or one where the first is larger. */
  peek(maxBytes: number): Buffer {
    return this.#blocks[0]!.peek(maxBytes);
  }

  /** `bytes` of what was peeked at are written. */
  written(bytes: number): void {
    const block = this.#blocks[0]!;
    block.take(bytes);
    if (block.count === 0) this.#blocks.shift();
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
    const events = this.#blocks.reduce((sum, { count }) => sum + count, 0);
    this.#drop(events, this.#bytes);
    if (this.#stretch.events > 0) this.#lost = { reason, ...this.#lost };
    this.#blocks.length = 0;
    this.#bytes = 0;
  }

  #append(text: string, bytes: number, timestamp: number): void {
    this.#bytes += bytes;
    if (this.#blocks.at(-1)?.add(text, bytes, timestamp)) return;
    const block = new RecordBlock(Math.max(bytes, this.isEmpty ? firstBlockBytes : laterBlockBytes));
    block.add(text, bytes, timestamp);
    this.#blocks.push(block);
  }

  #drop(events: number, bytes: number): void {
    this.#stretch = plus(this.#stretch, events, bytes);
    this.#lost = plus(this.#lost, events, bytes);
  }
}

function plus(lost: Lost, events: number, bytes: number): Lost {
  return { ...lost, events: lost.events + events, bytes: lost.bytes + bytes };
}
