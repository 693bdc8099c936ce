import { clearLeftovers } from '../sandbox/leftovers.ts';

/**
 * Clears away what dead Thaws left on this host, once. It takes the longer the more they left, so a service listens
 * before; only what it runs waits, so that nothing of an earlier life runs beside it.
 */
export class Clearing {
  readonly #onWarning: (message: string) => void;
  #running: Promise<void> | undefined;

  constructor(onWarning: (message: string) => void) {
    this.#onWarning = onWarning;
  }

  /** Begins it where that has not happened. Resolves when it is over; where it failed, with a warning. */
  done(): Promise<void> {
    this.#running ??= clearLeftovers().catch((error: Error) =>
      this.#onWarning(`what an earlier Thaw left on this host could not be cleared away: ${error.message}`),
    );
    return this.#running;
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#running;
  }
}
