import type { Clock } from '../foundation/clock.ts';
import type { Timer } from '../lifecycle/happening.ts';

/** The deadlines of one environment, by name. */
export class Timers {
  readonly #clock: Clock;
  readonly #onDue: (timer: Timer) => void;
  readonly #armed = new Map<Timer, NodeJS.Timeout>();

  constructor(clock: Clock, onDue: (timer: Timer) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  arm(timer: Timer, atMs: number): void {
    this.disarm(timer);
    const timeout = setTimeout(
      () => {
        // Node counts whole milliseconds of a clock of its own, and may be a fraction of one early.
        if (this.#clock() < atMs) return this.arm(timer, atMs);
        this.#armed.delete(timer);
        this.#onDue(timer);
      },
      Math.max(0, Math.ceil(atMs - this.#clock())),
    );
    this.#armed.set(timer, timeout);
  }

  disarm(timer: Timer): void {
    clearTimeout(this.#armed.get(timer));
    this.#armed.delete(timer);
  }

  clear(): void {
    for (const timeout of this.#armed.values()) clearTimeout(timeout);
    this.#armed.clear();
  }
}
