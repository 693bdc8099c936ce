import { type FileHandle, open } from 'node:fs/promises';
import { listSegments, type Segment, segmentPath } from './layout.ts';
import { decodeRecord, type StoredEvent } from './record.ts';

const chunkBytes = 256 * 1024;
/** Longer than any record: what has no newline for so long is none. */
const maxLineBytes = 16 * 1024 * 1024;
/** Times of files are coarser than the clock. */
const fileTimeSlackMs = 1000;

/** Reads one stream, as far as it is written, and on from there, while another process writes it. */
export class StreamCursor {
  readonly #directory: string;
  #segments: readonly Segment[] = [];
  /** Up to where it was read: bytes into the segment that begins at `startMs`. */
  #position = { startMs: 0, offset: 0 };
  #damagedRecords = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Lines that were not what had been written: skipped. What a killed writer left half is not one. */
  get damagedRecords(): number {
    return this.#damagedRecords;
  }

  /** Timestamp of an event not long before the first one unread; undefined where the stream is gone. */
  get startMs(): number | undefined {
    return this.#segments[0]?.startMs;
  }

  /** Whether its writer ended it, as of the last `look`: there is no more to come than `read` gives. */
  get isEnded(): boolean {
    return this.#segments.every(({ isOpen }) => !isOpen);
  }

  /** What there is to `read`. */
  async look(): Promise<void> {
    const segments = await listSegments(this.#directory);
    this.#segments = segments.filter(({ startMs }) => startMs >= this.#position.startMs);
  }

  /** What `look` found and is unread, in the order it was written. May be left at any event, and be called again. */
  async *read(sinceMs = 0): AsyncGenerator<StoredEvent> {
    for (const segment of this.#segments) {
      const handle = await openSegment(segment);
      if (handle === undefined) continue;
      try {
        // What was last written before then holds nothing that happened since.
        if ((await handle.stat()).mtimeMs < sinceMs - fileTimeSlackMs) continue;
        const { startMs, offset } = this.#position;
        for await (const event of this.#records(
          handle,
          segment.startMs,
          startMs === segment.startMs ? offset : 0,
        )) {
          if (event.timestamp >= sinceMs) yield event;
        }
      } finally {
        await handle.close();
      }
    }
  }

  async *#records(handle: FileHandle, startMs: number, from: number): AsyncGenerator<StoredEvent> {
    const chunk = Buffer.alloc(chunkBytes);
    let offset = from;
    let rest = Buffer.alloc(0);
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes, offset + rest.length);
      if (bytesRead === 0) return;
      rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      let begin = 0;
      for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', begin)) {
        const event = decodeRecord(rest.subarray(begin, end));
        begin = end + 1;
        this.#position = { startMs, offset: offset + begin };
        if (event === undefined) this.#damagedRecords += 1;
        else yield event;
      }
      // What follows of a line that was given up fails its sum.
      if (rest.length - begin > maxLineBytes) begin = rest.length;
      offset += begin;
      rest = rest.subarray(begin);
    }
  }
}

/** Its writer may have ended it since it was listed, and retention may have removed it. */
async function openSegment(segment: Segment): Promise<FileHandle | undefined> {
  for (const isOpen of segment.isOpen ? [true, false] : [false]) {
    try {
      return await open(segmentPath({ ...segment, isOpen }), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}
