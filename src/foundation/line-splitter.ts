import { RecordBuffer } from './record-buffer.ts';

/**
 * Bytes in, lines out. `\n` ends a line and is stripped; everything else, `\r` included, is kept. A line longer than
 * `maxLineBytes` is cut into several, never inside a UTF-8 code point. Bytes that are not UTF-8 become U+FFFD.
 * At most `maxLineBytes` are held between two writes, however they are chunked.
 */
export class LineSplitter {
  readonly #line: RecordBuffer;

  /** `maxLineBytes`: at least 4, the longest code point. `onLine` is called synchronously, in order. */
  constructor(maxLineBytes: number, onLine: (line: string) => void) {
    this.#line = new RecordBuffer(maxLineBytes, onLine);
  }

  /** What has no `\n` yet. */
  get unfinished(): string {
    return this.#line.unfinished;
  }

  write(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, from)) {
      this.#line.append(chunk.subarray(from, end));
      this.#line.end();
      from = end + 1;
    }
    this.#line.append(chunk.subarray(from));
  }

  /** Emits what has no `\n` yet. More may be written afterwards. */
  end(): void {
    if (!this.#line.isEmpty) this.#line.end();
  }
}
