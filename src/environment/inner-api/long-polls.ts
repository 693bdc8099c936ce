import type { ServerResponse } from 'node:http';

/**
 * Requests that wait for an event. No byte is sent before the event is there, however long that takes. A poller that
 * goes away while it waits is taken out, and said.
 */
export class LongPolls {
  readonly #waiting = new Set<ServerResponse>();
  readonly #onVanished: () => void;

  constructor(onVanished: () => void) {
    this.#onVanished = onVanished;
  }

  get size(): number {
    return this.#waiting.size;
  }

  park(res: ServerResponse): void {
    this.#waiting.add(res);
    res.once('close', () => {
      if (this.#waiting.delete(res) && this.#waiting.size === 0) this.#onVanished();
    });
  }

  /** Gives every waiting request to `send`; returns how many there were. */
  release(send: (res: ServerResponse) => void): number {
    const released = [...this.#waiting];
    this.#waiting.clear();
    for (const res of released) send(res);
    return released.length;
  }

  /** The processes behind these polls are gone; nobody is to be told. */
  abandon(): void {
    this.release((res) => res.destroy());
  }
}
