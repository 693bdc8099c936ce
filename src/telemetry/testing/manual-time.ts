import type { Clock } from '../../foundation/clock.ts';
import type { SetAlarm } from '../subscriptions/alarm.ts';

interface Alarm {
  readonly atMs: number;
  readonly ring: () => void;
}

/** A clock and its alarms, moved by hand. */
export class ManualTime {
  #nowMs = Date.UTC(2026, 0, 5, 10);
  readonly #alarms = new Set<Alarm>();

  readonly clock: Clock = () => this.#nowMs;

  readonly setAlarm: SetAlarm = (afterMs, ring) => {
    const alarm = { atMs: this.#nowMs + afterMs, ring };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  };

  /** How many are armed. */
  get armed(): number {
    return this.#alarms.size;
  }

  /** Moves on, ringing on the way whatever is due, in order; each is heard out before the next. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settled();
    for (let next = this.#due(untilMs); next; next = this.#due(untilMs)) {
      this.#alarms.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.ring();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  #due(untilMs: number): Alarm | undefined {
    const due = [...this.#alarms].filter(({ atMs }) => atMs <= untilMs);
    return due.sort((a, b) => a.atMs - b.atMs)[0];
  }
}

/** When everything has run that needs no more than promises. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
