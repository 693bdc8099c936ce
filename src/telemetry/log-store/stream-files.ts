import path from 'node:path';
import { type Appended, SegmentFile } from './segment-file.ts';

const segmentLifeMs = 24 * 60 * 60 * 1000;

/** The segments of one stream, one after another, as its only writer sees them. */
export class StreamFiles {
  readonly #directory: string;
  readonly #segmentBytes: number;
  #segment: SegmentFile | undefined;
  #lastStartMs = 0;

  /** Nothing is made before there is something to write. */
  constructor(directory: string, segmentBytes: number) {
    this.#directory = directory;
    this.#segmentBytes = segmentBytes;
  }

  get groupDirectory(): string {
    return path.dirname(this.#directory);
  }

  get hasWritten(): boolean {
    return this.#segment !== undefined;
  }

  /**
   * Begins another segment where the present one has no room for `bytes`, is a day old (it is removed as a whole, so it
   * must not live on), or was removed. `firstMs`: timestamp of the first event to come. @returns whether that was so and it was not the first.
   */
  async makeRoom(bytes: number, firstMs: number, nowMs: number): Promise<boolean> {
    const before = this.#segment;
    if (before !== undefined) {
      const isFull = before.bytes > 0 && before.bytes + bytes > this.#segmentBytes;
      if (!isFull && nowMs < before.startMs + segmentLifeMs && !(await before.isGone())) return false;
    }
    // Their names tell the order of the segments, whatever the clock does.
    this.#segment = await SegmentFile.create(this.#directory, Math.max(firstMs, this.#lastStartMs + 1));
    this.#lastStartMs = this.#segment.startMs;
    // After that: as long as it is written to, a stream has an open segment.
    await before?.seal();
    return before !== undefined;
  }

  /** `makeRoom` comes before. */
  async append(records: Buffer): Promise<Appended> {
    const segment = this.#segment!;
    try {
      return await segment.append(records);
    } catch (error) {
      this.#segment = undefined;
      await segment.abandon();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#segment?.seal();
    this.#segment = undefined;
  }
}
