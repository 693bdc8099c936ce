import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { type Segment, segmentPath } from './layout.ts';

/** What `append` came to. `bytes`: of the whole records that are in the file now. */
export interface Appended {
  readonly bytes: number;
  readonly error?: Error;
}

/** A segment that this process writes to. */
export class SegmentFile {
  readonly startMs: number;
  readonly #segment: Segment;
  readonly #handle: FileHandle;
  #bytes = 0;

  private constructor(segment: Segment, handle: FileHandle) {
    this.startMs = segment.startMs;
    this.#segment = segment;
    this.#handle = handle;
  }

  /** Begins at `startMs`, or as soon after as no other segment does. */
  static async create(directory: string, startMs: number): Promise<SegmentFile> {
    const segment: Segment = { directory, startMs, isOpen: true };
    for (let attempt = 1; ; attempt += 1) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      try {
        return new SegmentFile(segment, await open(segmentPath(segment), 'ax', 0o600));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EEXIST') return await SegmentFile.create(directory, startMs + 1);
        // Another process may just have removed the directory, which was empty.
        if (code !== 'ENOENT' || attempt === 3) throw error;
      }
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether somebody removed it: what is written to it from now on nobody will find. */
  async isGone(): Promise<boolean> {
    return (await this.#handle.stat()).nlink === 0;
  }

  /**
   * `records`: whole ones. What a failure tore is cut off, so that the next append begins on a new line; readers have
   * not taken it, as it has no newline. @throws where not even that works: then nothing more may be appended.
   */
  async append(records: Buffer): Promise<Appended> {
    let written = 0;
    try {
      while (written < records.length) {
        written += (await this.#handle.write(records, written)).bytesWritten;
      }
    } catch (error) {
      const bytes = records.subarray(0, written).lastIndexOf('\n') + 1;
      this.#bytes += bytes;
      await this.#handle.truncate(this.#bytes);
      return { bytes, error: error as Error };
    }
    this.#bytes += written;
    return { bytes: written };
  }

  /** It is on the disk, and no more will be written to it. */
  async seal(): Promise<void> {
    try {
      await this.#handle.datasync();
    } finally {
      await this.#handle.close();
    }
    try {
      await rename(segmentPath(this.#segment), segmentPath({ ...this.#segment, isOpen: false }));
    } catch (error) {
      // It may have been removed meanwhile, as the oldest.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** Where it can be neither written nor sealed. */
  async abandon(): Promise<void> {
    await this.#handle.close();
  }
}
