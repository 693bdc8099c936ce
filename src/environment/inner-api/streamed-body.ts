import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Body } from './body.ts';

/**
 * A request body that is passed on while it arrives. What nobody has read yet is held up to a stream's usual amount;
 * then the sender waits. Beyond `limit` bytes, and once broken off or destroyed, the rest is read and dropped.
 */
export class StreamedBody {
  readonly readable: Readable;
  /** The last byte has arrived, or never will. Never rejects. */
  readonly done: Promise<Exclude<Body, { kind: 'whole' }> | { kind: 'passedOn'; length: number }>;
  readonly #req: IncomingMessage;
  #isDropping = false;

  constructor(req: IncomingMessage, limit: number) {
    this.#req = req;
    this.readable = new Readable({
      read: () => void req.resume(),
      destroy: (error, callback) => {
        this.#drop();
        callback(error);
      },
    });
    // Whoever destroys it with an error knows of it already.
    this.readable.on('error', () => {});
    let length = 0;
    req.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) this.breakOff();
      if (!this.#isDropping && !this.readable.push(chunk)) req.pause();
    });
    this.done = new Promise((resolve) => {
      req.on('end', () => {
        this.breakOff();
        resolve(length > limit ? { kind: 'tooLarge', length } : { kind: 'passedOn', length });
      });
      for (const loss of ['error', 'close'] as const)
        req.on(loss, () => {
          this.breakOff();
          resolve({ kind: 'truncated' });
        });
    });
  }

  /** Nothing more is passed on. Idempotent. */
  breakOff(): void {
    if (this.#isDropping) return;
    this.#drop();
    this.readable.push(null);
  }

  #drop(): void {
    this.#isDropping = true;
    this.#req.resume();
  }
}
