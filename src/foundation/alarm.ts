import type { Clock } from './clock.ts';

/** What a timer can count: one that is set for longer fires at once. */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * Wakes somebody who then looks what is due. It may do so too early, and never too late: it stays set for the earliest
 * time it was set for, because setting a timer anew for each small event costs more than looking once in vain.
 */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #set: { readonly dueMs: number; readonly timeout: NodeJS.Timeout } | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** @param dueMs epoch ms; undefined: nothing is due, and it does not ring. */
  set(dueMs: number | undefined): void {
    if (dueMs !== undefined && this.#set !== undefined && this.#set.dueMs <= dueMs) return;
    this.clear();
    if (dueMs === undefined) return;
    const delayMs = Math.min(longestTimeoutMs, Math.max(0, Math.ceil(dueMs - this.#clock())));
    const timeout = setTimeout(() => {
      this.#set = undefined;
      this.#ring();
    }, delayMs);
    this.#set = { dueMs, timeout };
  }

  clear(): void {
    clearTimeout(this.#set?.timeout);
    this.#set = undefined;
  }
}
