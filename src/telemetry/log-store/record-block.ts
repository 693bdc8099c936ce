/**
 * Records side by side in one buffer, as they go into a file. As objects and texts, thousands of them would outlive the
 * young generation while they wait for the disk, and be garbage for long.
 */
export class RecordBlock {
  readonly #buffer: Buffer;
  /** Of each record, taken ones included. */
  readonly #ends: number[] = [];
  readonly #timestamps: number[] = [];
  #taken = 0;

  constructor(bytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
  }

  /** Records that are not taken. */
  get count(): number {
    return this.#ends.length - this.#taken;
  }

  /** Of the first one that is not taken. */
  get timestamp(): number | undefined {
    return this.#timestamps[this.#taken];
  }

  /** @param bytes of `text`. @returns false where it does not fit. */
  add(text: string, bytes: number, timestamp: number): boolean {
    const start = this.#ends.at(-1) ?? 0;
    if (start + bytes > this.#buffer.length) return false;
    this.#buffer.write(text, start);
    this.#ends.push(start + bytes);
    this.#timestamps.push(timestamp);
    return true;
  }

  /** The first records, whole: `maxBytes` of them, or one where the first is larger. What is added later is not in it. */
  peek(maxBytes: number): Buffer {
    const start = this.#endBefore(this.#taken);
    let next = this.#taken + 1;
    while (next < this.#ends.length && this.#ends[next]! - start <= maxBytes) next += 1;
    return this.#buffer.subarray(start, this.#endBefore(next));
  }

  /** The first records, which are `bytes` long. */
  take(bytes: number): void {
    const end = this.#endBefore(this.#taken) + bytes;
    while (this.#endBefore(this.#taken) < end) this.#taken += 1;
  }

  #endBefore(index: number): number {
    return index === 0 ? 0 : this.#ends[index - 1]!;
  }
}
