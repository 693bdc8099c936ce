import { MiB } from '../domain/limits.ts';
import type { StoryEvent } from '../domain/story.ts';
import type { Told } from '../lifecycle/effect.ts';
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

  /** A report gets the most memory taken so far; any other event is complete. */
  complete(event: Told): StoryEvent {
    if (event.type !== 'platform.report') return event;
    const maxMemoryUsedMB = Math.ceil((this.#sandbox?.memory().peakBytes ?? 0) / MiB);
    const record = { ...event.record, metrics: { ...event.record.metrics, maxMemoryUsedMB } };
    return { ...event, record };
  }
}
