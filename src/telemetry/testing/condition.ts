/** Something to wait for, looked at whenever it may have come true. */
export class Condition {
  readonly #looks = new Set<() => void>();

  look(): void {
    for (const look of this.#looks) look();
  }

  /** Resolves when `holds` does. @throws after `withinMs`. */
  async until(holds: () => boolean, withinMs = 20_000): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => holds() && resolve();
    const deadline = setTimeout(
      () => reject(new Error(`after ${withinMs} ms it still does not hold: ${holds}`)),
      withinMs,
    );
    this.#looks.add(look);
    look();
    try {
      await promise;
    } finally {
      clearTimeout(deadline);
      this.#looks.delete(look);
    }
  }
}
