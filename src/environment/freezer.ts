interface FreezerDeeds {
  freeze(): void;
  thaw(): void;
  /** A freeze failed when nobody was there any more to be told by an exception. */
  onFailure(error: unknown): void;
}

/**
 * Freezes at the end of the event loop's turn: when all was heard that had arrived by the end of the invocation. Where the
 * next one begins in this turn, it waited already, and neither freeze nor thaw is carried out: nobody inside could tell the
 * two from a moment without the processor.
 */
export class Freezer {
  readonly #deeds: FreezerDeeds;
  #isDue = false;

  constructor(deeds: FreezerDeeds) {
    this.#deeds = deeds;
  }

  freeze(): void {
    this.#isDue = true;
    setImmediate(() => this.#freezeIfDue());
  }

  thaw(): void {
    if (this.#isDue) this.#isDue = false;
    else this.#deeds.thaw();
  }

  /** What was to be frozen is about to be killed. */
  forget(): void {
    this.#isDue = false;
  }

  #freezeIfDue(): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    try {
      this.#deeds.freeze();
    } catch (error) {
      this.#deeds.onFailure(error);
    }
  }
}
