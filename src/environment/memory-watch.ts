import { MiB } from '../domain/limits.ts';
import type { Sandbox } from '../sandbox/driver.ts';

const readingMs = 100;

/**
 * What an environment's processes take of its memory.
 *
 * What is reclaimable is told from what is used at a reading only: files written to `/tmp` and deleted between two would
 * count as memory used. So it is read again and again, while they run.
 */
export class MemoryWatch {
  #sandbox: Sandbox | undefined;
  #oomKillsBefore = 0;
  #timer: NodeJS.Timeout | undefined;

  /** A generation has booted: the kills of those before it are not its own. */
  begin(sandbox: Sandbox): void {
    this.#sandbox = sandbox;
    this.#oomKillsBefore = sandbox.memory().oomKills;
  }

  /** Goes on reading until it is paused; whoever resumes it pauses it. */
  resume(): void {
    this.pause();
    this.#timer = setInterval(() => this.#sandbox?.memory(), readingMs);
  }

  pause(): void {
    clearInterval(this.#timer);
  }

  /** Of this generation. */
  get oomKills(): number {
    return (this.#sandbox?.memory().oomKills ?? 0) - this.#oomKillsBefore;
  }

  /** The most it has taken so far, as reports have it. */
  get maxMemoryUsedMB(): number {
    return Math.ceil((this.#sandbox?.memory().peakBytes ?? 0) / MiB);
  }
}
