import type { LogStoreLimits } from '../../domain/limits.ts';
import { defaultLogGroup } from '../../domain/log-names.ts';
import type { StoryEvent } from '../../domain/story.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { StoryReader } from '../hub.ts';
import { streamDirectory } from './layout.ts';
import { type Lost, PendingRecords } from './pending-records.ts';
import { enforceLimits } from './retention.ts';
import { StreamFiles } from './stream-files.ts';

export interface LogWriterParts {
  /** Directory of the store; made where it is not there. */
  readonly root: string;
  /** The log group; absent: `/aws/lambda/<name>`, after the function the story names. */
  readonly group?: string;
  /** What the log holds of an event; undefined: nothing. */
  readonly messageOf: (event: StoryEvent) => string | undefined;
  readonly limits: LogStoreLimits;
  readonly clock: Clock;
  /** Told once per stretch of trouble, and at the end what was lost in all. */
  readonly onWarning: (message: string) => void;
}

/** An event is in a file about this long after it was told, at most. */
const flushAfterMs = 200;
const flushAtBytes = 64 * 1024;
const retryAfterMs = 1000;
const maxWriteBytes = 1024 * 1024;

/**
 * Writes one environment's story into the log stream that the story itself names. Events are held in memory and written
 * by and by: telling never waits for the disk, nor hears of its failures. While writing fails it is tried again every
 * second; what does not fit into memory meanwhile is lost, counted, and marked in the stream.
 */
export class LogWriter {
  readonly #parts: LogWriterParts;
  readonly #pending: PendingRecords;
  #files: StreamFiles | undefined;
  #timer: NodeJS.Timeout | undefined;
  #draining: Promise<void> | undefined;
  /** Why events are lost or late at present. */
  #trouble: string | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: LogWriterParts) {
    this.#parts = parts;
    this.#pending = new PendingRecords(parts.limits.pendingBytes);
  }

  /** Takes nothing any more once the writer is being closed. */
  readonly read: StoryReader = (event) => {
    if (this.#closing !== undefined) return;
    if (event.type === 'platform.initStart') this.#files ??= this.#filesOf(event.record);
    const message = this.#parts.messageOf(event);
    if (message === undefined) return;
    const timestamp = Math.floor(event.timeMs);
    if (!this.#pending.offer({ timestamp, ingestionTime: this.#nowMs(), message })) {
      this.#warn('lines come faster than they can be written');
      this.#endStretch();
    }
    this.#schedule();
  };

  get lost(): Lost {
    return this.#pending.lost;
  }

  /** Writes what is held, or says how much could not be; never rejects. Later calls wait for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#draining;
    await this.#drain();
    this.#pending.clear(this.#trouble ?? '');
    const { events, bytes, reason } = this.lost;
    if (events > 0) {
      this.#parts.onWarning(`${events} log events (${bytes} bytes) are missing in the log store: ${reason}`);
    }
    const hasWritten = this.#files?.hasWritten;
    await this.#attempt('the last file cannot be closed', async () => this.#files?.close());
    if (hasWritten) await this.#enforceLimits();
  }

  #filesOf({ functionName, instanceId }: { functionName: string; instanceId: string }): StreamFiles {
    const { root, group = defaultLogGroup(functionName), limits } = this.#parts;
    return new StreamFiles(streamDirectory(root, group, instanceId), limits.segmentBytes);
  }

  #schedule(): void {
    // Lines told before the story named its stream wait for it.
    if (this.#files === undefined || this.#draining !== undefined || this.#pending.isEmpty) return;
    if (this.#trouble === undefined && this.#pending.bytes >= flushAtBytes) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#trouble ? retryAfterMs : flushAfterMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#draining = this.#drain().then(() => {
      this.#draining = undefined;
      if (this.#closing === undefined) this.#schedule();
    });
  }

  /** Until everything is written or something fails; never rejects. */
  async #drain(): Promise<void> {
    try {
      while (!this.#pending.isEmpty) await this.#write();
      this.#trouble = undefined;
    } catch (error) {
      this.#warn((error as Error).message);
    }
  }

  async #write(): Promise<void> {
    if (this.#files === undefined) throw new Error('the environment never began, so its stream has no name');
    const records = this.#pending.peek(Math.min(maxWriteBytes, this.#parts.limits.segmentBytes));
    const firstMs = this.#pending.oldestTimestamp!;
    const hasBegunAnother = await this.#files.makeRoom(records.length, firstMs, this.#nowMs());
    const { bytes, error } = await this.#files.append(records);
    this.#pending.written(bytes);
    this.#endStretch();
    if (error) throw error;
    if (hasBegunAnother) await this.#enforceLimits();
  }

  #endStretch(): void {
    this.#pending.endStretch(this.#trouble ?? '', this.#nowMs());
  }

  #warn(trouble: string): void {
    if (this.#trouble !== undefined) return;
    this.#trouble = trouble;
    this.#parts.onWarning(
      `the log store ${this.#parts.root} cannot take all log lines: ${trouble}. Up to ` +
        `${this.#parts.limits.pendingBytes} bytes wait in memory, what comes beyond that is not stored`,
    );
  }

  async #enforceLimits(): Promise<void> {
    const { root, limits } = this.#parts;
    const group = this.#files!.groupDirectory;
    await this.#attempt('what is too old or too much cannot be removed', () =>
      enforceLimits(root, group, limits, this.#nowMs()),
    );
  }

  async #attempt(failure: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#parts.onWarning(`log store ${this.#parts.root}: ${failure}: ${(error as Error).message}`);
    }
  }

  #nowMs(): number {
    return Math.floor(this.#parts.clock());
  }
}
