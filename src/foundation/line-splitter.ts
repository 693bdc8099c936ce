/** What the pending buffer starts with, and shrinks back to, so that one long line does not hold memory for ever. */
const restingBytes = 4096;

/**
 * Bytes in, lines out. `\n` ends a line and is stripped; everything else, `\r` included, is kept. A line longer than
 * `maxLineBytes` is cut into several, never inside a UTF-8 code point. Bytes that are not UTF-8 become U+FFFD.
 * At most `maxLineBytes` are held between two writes, however they are chunked.
 */
export class LineSplitter {
  readonly #maxLineBytes: number;
  readonly #onLine: (line: string) => void;
  #pending = Buffer.allocUnsafeSlow(0);
  #pendingBytes = 0;

  /** `maxLineBytes`: at least 4, the longest code point. `onLine` is called synchronously, in order. */
  constructor(maxLineBytes: number, onLine: (line: string) => void) {
    if (!Number.isInteger(maxLineBytes) || maxLineBytes < 4) {
      throw new RangeError(`maxLineBytes is ${maxLineBytes}: give an integer of at least 4`);
    }
    this.#maxLineBytes = maxLineBytes;
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, from)) {
      this.#hold(chunk.subarray(from, end));
      this.#emit(this.#pendingBytes);
      from = end + 1;
    }
    this.#hold(chunk.subarray(from));
  }

  /** Emits what has no `\n` yet. More may be written afterwards. */
  end(): void {
    if (this.#pendingBytes > 0) this.#emit(this.#pendingBytes);
  }

  #hold(part: Buffer): void {
    let rest = part;
    while (this.#pendingBytes + rest.length > this.#maxLineBytes) {
      const taken = this.#maxLineBytes - this.#pendingBytes;
      this.#append(rest.subarray(0, taken));
      rest = rest.subarray(taken);
      this.#emit(this.#cutBefore(rest[0]!));
    }
    this.#append(rest);
  }

  /**
   * Copied, not kept by reference: a slice would keep its whole chunk alive, and many one-byte writes would then
   * hold far more than a line.
   */
  #append(part: Buffer): void {
    const needed = this.#pendingBytes + part.length;
    if (needed > this.#pending.length) {
      const capacity = Math.min(this.#maxLineBytes, Math.max(restingBytes, needed, this.#pending.length * 2));
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

  /** Emits the first `bytes` pending ones as a line and keeps the others. */
  #emit(bytes: number): void {
    const line = this.#pending.toString('utf8', 0, bytes);
    this.#pending.copy(this.#pending, 0, bytes, this.#pendingBytes);
    this.#pendingBytes -= bytes;
    if (this.#pendingBytes === 0 && this.#pending.length > restingBytes) {
      this.#pending = Buffer.allocUnsafeSlow(0);
    }
    this.#onLine(line);
  }
}
