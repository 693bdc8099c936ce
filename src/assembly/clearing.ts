import { clearLeftovers } from '../sandbox/leftovers.ts';

/**
 * Clears away what dead Thaws left on this host, once. It takes the longer the more they left, so a service listens
 * before; only what it runs waits, so that nothing of an earlier life runs beside it.
 */
export class Clearing {
  readonly #onWarning: (message: string) => void;
  readonly #closed = new AbortController();
  #running: Promise<void> | undefined;

  constructor(onWarning: (message: string) => void) {
    this.#onWarning = onWarning;
  }

  /**
   * Begins it where that has not happened. Resolves when it is over; where it failed, with a warning.
   * @throws where it was closed before it could begin.
   */
  done(): Promise<void> {
    this.#running ??= this.#clear();
    this.#running.catch(() => {});
    return this.#running;
  }

  /** Waits for what is under way; what other Thaws of this machine keep from beginning does not begin. Idempotent. */
  async close(): Promise<void> {
    this.#closed.abort(new Error('the service ended before what an earlier Thaw left here was cleared away'));
    await this.#running?.catch(() => {});
  }

  async #clear(): Promise<void> {
    const { signal } = this.#closed;
    try {
      await clearLeftovers(signal);
    } catch (error) {
      if (error === signal.reason) throw error;
      const { message } = error as Error;
      this.#onWarning(`what an earlier Thaw left on this host could not be cleared away: ${message}`);
    }
  }
}
