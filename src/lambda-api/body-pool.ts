/** Bytes of bodies that all requests together may hold. */
export class BodyPool {
  readonly #limitBytes: number;
  #heldBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  share(): BodyBudget {
    let ownBytes = 0;
    return {
      take: (bytes) => {
        if (this.#heldBytes + bytes > this.#limitBytes) return false;
        this.#heldBytes += bytes;
        ownBytes += bytes;
        return true;
      },
      giveBack: () => {
        this.#heldBytes -= ownBytes;
        ownBytes = 0;
      },
    };
  }
}

/** One request's share of a pool. */
export interface BodyBudget {
  /** @returns false where the pool has no room for so much more. */
  take(bytes: number): boolean;
  /** All that was taken. Idempotent. */
  giveBack(): void;
}
