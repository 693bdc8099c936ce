import { logTailBytes } from '../domain/limits.ts';
import type { Logging } from '../domain/logging.ts';
import type { StoryReader } from '../telemetry/hub.ts';
import { logMessage } from '../telemetry/log-message.ts';

/** The end of an invocation's log, as it is written. */
export interface LogTail {
  /** At most `logTailBytes`, UTF-8. */
  bytes(): Buffer;
  /** To be called in every case. Idempotent. */
  close(): void;
}

/** The logs of those invocations whose callers asked for them: from START to REPORT, as the log stream holds them. */
export class LogTails {
  readonly #asked = new Map<string, TailBuffer>();

  /** To be called before the invocation is given to an environment. */
  open(requestId: string): LogTail {
    const tail = new TailBuffer();
    this.#asked.set(requestId, tail);
    return { bytes: () => tail.bytes(), close: () => this.#asked.delete(requestId) };
  }

  /** What has to read the story of every environment; one reader for each. */
  reader(logging: Logging): StoryReader {
    let current: TailBuffer | undefined;
    return (event) => {
      if (event.type === 'platform.start') current = this.#asked.get(event.record.requestId);
      if (current === undefined) return;
      const message = logMessage(event, logging);
      if (message !== undefined) current.add(`${message}\n`);
      if (event.type === 'platform.report') current = undefined;
    };
  }
}

class TailBuffer {
  readonly #messages: Buffer[] = [];
  #length = 0;

  add(message: string): void {
    const bytes = Buffer.from(message);
    this.#messages.push(bytes);
    this.#length += bytes.length;
    while (this.#length - this.#messages[0]!.length >= logTailBytes)
      this.#length -= this.#messages.shift()!.length;
  }

  bytes(): Buffer {
    const all = Buffer.concat(this.#messages);
    let from = Math.max(0, all.length - logTailBytes);
    // Not in the middle of a character.
    while (from > 0 && (all[from]! & 0xc0) === 0x80) from += 1;
    return all.subarray(from);
  }
}
