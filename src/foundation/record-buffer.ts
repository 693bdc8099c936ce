/** What the buffer starts with, and shrinks back to, so that one long record does not hold memory for ever. */
const restingBytes = 4096;

/**
 * Gathers the bytes of a record. One longer than `maxBytes` is cut into several, never inside a UTF-8 code point. Bytes
 * that are not UTF-8 become U+FFFD. At most `maxBytes` are held, however they come.
 */
export class RecordBuffer {
  readonly #maxBytes: number;
  readonly #onRecord: (record: string) => void;
  #pending = Buffer.allocUnsafeSlow(0);
  #pendingBytes = 0;

  /** `maxBytes`: at least 4, the longest code point. `onRecord` is called synchronously, in order. */
  constructor(maxBytes: number, onRecord: (record: string) => void) {
    if (!Number.isInteger(maxBytes) || maxBytes < 4) {
      throw new RangeError(`a record of at most ${maxBytes} bytes: give an integer of at least 4`);
    }
    this.#maxBytes = maxBytes;
    this.#onRecord = onRecord;
  }

  get isEmpty(): boolean {
    return this.#pendingBytes === 0;
  }

  /** What is held of a record that is not whole yet. */
  get unfinished(): string {
    return this.#pending.toString('utf8', 0, this.#pendingBytes);
  }

  append(part: Buffer): void {
    let rest = part;
    while (this.#pendingBytes + rest.length > this.#maxBytes) {
      const taken = this.#maxBytes - this.#pendingBytes;
      this.#copy(rest.subarray(0, taken));
      rest = rest.subarray(taken);
      this.#emit(this.#cutBefore(rest[0]!));
    }
    this.#copy(rest);
  }

  /** The record is whole. An empty one is a record too. */
  end(): void {
    this.#emit(this.#pendingBytes);
  }

  /**
   * Copied, not kept by reference: a slice would keep its whole chunk alive, and many one-byte writes would then
   * hold far more than a record.
   */
  #copy(part: Buffer): void {
    const needed = this.#pendingBytes + part.length;
    if (needed > this.#pending.length) {
      const capacity = Math.min(this.#maxBytes, Math.max(restingBytes, needed, this.#pending.length * 2));
      const larger = Buffer.allocUnsafeSlow(capacity);
      this.#pending.copy(larger, 0, 0, this.#pendingBytes);
      this.#pending = larger;
    }
    part.copy(this.#pending, this.#pendingBytes);
    this.#pendingBytes = needed;
  }

  /** Where to cut a full buffer that `next` follows: at its end, or before the code point that `next` continues. */
  #cutBefore(next: number): number {
    const isContinuation = (byte: number) => (byte & 0xc0) === 0x80;
    if (!isContinuation(next)) return this.#pendingBytes;
    for (let back = 1; back <= 3; back += 1) {
      const byte = this.#pending[this.#pendingBytes - back]!;
      if (!isContinuation(byte)) return byte >= 0xc0 ? this.#pendingBytes - back : this.#pendingBytes;
    }
    // Four continuation bytes in a row are no UTF-8: there is nothing to spare.
    return this.#pendingBytes;
  }

  /** Emits the first `bytes` pending ones as a record and keeps the others. */
  #emit(bytes: number): void {
    const record = this.#pending.toString('utf8', 0, bytes);
    this.#pending.copy(this.#pending, 0, bytes, this.#pendingBytes);
    this.#pendingBytes -= bytes;
    if (this.#pendingBytes === 0 && this.#pending.length > restingBytes) {
      this.#pending = Buffer.allocUnsafeSlow(0);
    }
    this.#onRecord(record);
  }
}
