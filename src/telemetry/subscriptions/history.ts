import { telemetryHistory } from '../../domain/limits.ts';
import type { EncodedEvent } from './encoded-event.ts';
import type { Amount } from './outbox.ts';
import type { TelemetryType } from './vocabulary.ts';

interface Remembered {
  readonly at: number;
  readonly type: TelemetryType;
  readonly event: EncodedEvent;
  readonly size: Amount;
}

/**
 * The beginning of an environment's story, for those who subscribe later: bounded, and the oldest lines go first.
 * Platform events go only where there are no lines left, and the very first never: `platform.initStart`, or after a
 * reset the report of the invocation that ended in it.
 */
export class History {
  readonly #limits: Amount;
  readonly #platform: Remembered[] = [];
  /** The oldest is at `#firstLine`: what is before it is forgotten, and cut off now and then. */
  #lines: Remembered[] = [];
  #firstLine = 0;
  #next = 0;
  #kept = { records: 0, bytes: 0 };
  readonly #forgotten: Record<TelemetryType, { records: number; bytes: number }> = {
    platform: { records: 0, bytes: 0 },
    function: { records: 0, bytes: 0 },
    extension: { records: 0, bytes: 0 },
  };

  constructor(limits: { maxBytes: number; maxRecords: number } = telemetryHistory) {
    this.#limits = { records: limits.maxRecords, bytes: limits.maxBytes };
  }

  add(type: TelemetryType, event: EncodedEvent): void {
    const texts = event.in('telemetry');
    const size = { records: texts.length, bytes: texts.reduce((sum, { bytes }) => sum + bytes, 0) };
    const remembered = { at: this.#next, type, event, size };
    this.#next += 1;
    (type === 'platform' ? this.#platform : this.#lines).push(remembered);
    this.#count(this.#kept, size, 1);
    while (this.#kept.records > this.#limits.records || this.#kept.bytes > this.#limits.bytes) {
      if (!this.#forgetOldest()) return;
    }
  }

  /** In the order they were told. */
  *events(types: ReadonlySet<TelemetryType>): Generator<EncodedEvent> {
    const all = [...this.#platform, ...this.#lines.slice(this.#firstLine)];
    for (const { type, event } of all.sort((a, b) => a.at - b.at)) {
      if (types.has(type)) yield event;
    }
  }

  /** How much of these types is no longer remembered, in the Telemetry API's words. */
  forgotten(types: ReadonlySet<TelemetryType>): Amount {
    const sum = { records: 0, bytes: 0 };
    for (const type of types) this.#count(sum, this.#forgotten[type], 1);
    return sum;
  }

  #forgetOldest(): boolean {
    const oldest = this.#lines[this.#firstLine] ?? this.#platform[1];
    if (!oldest) return false;
    if (oldest.type === 'platform') this.#platform.splice(1, 1);
    else this.#forgetLine();
    this.#count(this.#kept, oldest.size, -1);
    this.#count(this.#forgotten[oldest.type], oldest.size, 1);
    return true;
  }

  #forgetLine(): void {
    this.#firstLine += 1;
    if (this.#firstLine < 1024 || this.#firstLine * 2 < this.#lines.length) return;
    this.#lines = this.#lines.slice(this.#firstLine);
    this.#firstLine = 0;
  }

  #count(sum: { records: number; bytes: number }, size: Amount, times: 1 | -1): void {
    sum.records += times * size.records;
    sum.bytes += times * size.bytes;
  }
}
