interface FreezerDeeds {
  freeze(): void;
  thaw(): void;
  /** A freeze failed when nobody was there any more to be told by an exception. */
  onFailure(error: unknown): void;
}

/**
 * Freezes as soon as all that follows from the end of an invocation was heard of. Where the next one begins with it,
 * neither freeze nor thaw is carried out: nobody inside could tell the two from a moment without the processor.
 */
export class Freezer {
  readonly #deeds: FreezerDeeds;
  #isDue = false;

  constructor(deeds: FreezerDeeds) {
    this.#deeds = deeds;
  }

  /** Behind the microtasks that are due: whoever waits for the end of the invocation is told of it by one. */
  freeze(): void {
    this.#isDue = true;
    queueMicrotask(() => this.#freezeIfDue());
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
