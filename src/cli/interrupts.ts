const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ctrl-C and its like, from the moment this exists until it is closed: what begins meanwhile has to be ended in order,
 * so the signal must not end the process by itself.
 */
export class Interrupts {
  #count = 0;
  #act: ((count: number) => void) | undefined;
  #next = Promise.withResolvers<void>();
  readonly #first = new AbortController();
  readonly #heed = () => {
    this.#count += 1;
    this.#act?.(this.#count);
    this.#first.abort();
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  };

  constructor() {
    for (const signal of signals) process.on(signal, this.#heed);
  }

  get count(): number {
    return this.#count;
  }

  /** Resolves at the next interrupt. */
  get next(): Promise<void> {
    return this.#next.promise;
  }

  /** Aborted at the first interrupt. */
  get signal(): AbortSignal {
    return this.#first.signal;
  }

  /** What to do from now on at the first interrupt, the second, and so on. */
  on(act: (count: number) => void): void {
    this.#act = act;
  }

  close(): void {
    for (const signal of signals) process.off(signal, this.#heed);
  }
}
