import type { Clock } from '../../foundation/clock.ts';
import type { SetAlarm } from './alarm.ts';

/** One alarm whose time stands still while it is frozen. */
export class ThawedAlarm {
  readonly #clock: Clock;
  readonly #setAlarm: SetAlarm;
  #isFrozen = false;
  #wait: { readonly ring: () => void; leftMs: number; sinceMs: number } | undefined;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, setAlarm: SetAlarm) {
    this.#clock = clock;
    this.#setAlarm = setAlarm;
  }

  /** Takes the place of the one before. */
  set(afterMs: number, ring: () => void): void {
    this.clear();
    this.#wait = { ring, leftMs: afterMs, sinceMs: this.#clock() };
    this.#arm();
  }

  /** Where it is set, it rings in `leftMs` at the latest. */
  hasten(leftMs: number): void {
    if (this.#wait === undefined) return;
    this.#disarm();
    this.#wait.leftMs = Math.min(this.#wait.leftMs, leftMs);
    this.#arm();
  }

  clear(): void {
    this.#disarm();
    this.#wait = undefined;
  }

  freeze(): void {
    this.#disarm();
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#arm();
  }

  #arm(): void {
    if (this.#wait === undefined || this.#isFrozen || this.#cancel !== undefined) return;
    const { ring, leftMs } = this.#wait;
    this.#wait.sinceMs = this.#clock();
    this.#cancel = this.#setAlarm(leftMs, () => {
      this.#cancel = undefined;
      this.#wait = undefined;
      ring();
    });
  }

  #disarm(): void {
    if (this.#wait === undefined || this.#cancel === undefined) return;
    this.#cancel();
    this.#cancel = undefined;
    // A clock set back makes no time.
    this.#wait.leftMs -= Math.max(0, this.#clock() - this.#wait.sinceMs);
  }
}
