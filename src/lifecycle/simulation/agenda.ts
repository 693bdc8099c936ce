/** A clock that stands still until the next thing on it is due. */
export class Agenda {
  nowMs: number;
  readonly #entries: Entry[] = [];

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  at(atMs: number, run: () => void): Entry {
    const entry = { atMs: Math.max(atMs, this.nowMs), run };
    const before = this.#entries.findLastIndex((other) => other.atMs <= entry.atMs);
    this.#entries.splice(before + 1, 0, entry);
    return entry;
  }

  after(delayMs: number, run: () => void): Entry {
    return this.at(this.nowMs + delayMs, run);
  }

  cancel(entry: Entry): void {
    const index = this.#entries.indexOf(entry);
    if (index >= 0) this.#entries.splice(index, 1);
  }

  /** False when nothing is left to happen. */
  runNext(): boolean {
    const entry = this.#entries.shift();
    if (!entry) return false;
    this.nowMs = entry.atMs;
    entry.run();
    return true;
  }
}

export interface Entry {
  readonly atMs: number;
  readonly run: () => void;
}
