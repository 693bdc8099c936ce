/** Named stretches of one cold start, ms. One that occurs several times is summed. */
export class Spans {
  readonly #ms = new Map<string, number>();

  add(name: string, ms: number): void {
    this.#ms.set(name, (this.#ms.get(name) ?? 0) + ms);
  }

  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    try {
      return await work();
    } finally {
      this.add(name, performance.now() - begun);
    }
  }

  entries(): IterableIterator<[string, number]> {
    return this.#ms.entries();
  }
}
