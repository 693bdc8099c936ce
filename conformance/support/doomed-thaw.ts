import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { thaw } from './run-thaw.ts';
import type { Told } from './told.ts';

/** A `thaw run` that a test kills without warning; what it leaves is for a later start. */
export class DoomedThaw {
  /** In the variables of everything that it runs. */
  readonly marker = randomUUID();
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;

  constructor(args: readonly string[]) {
    const marked = ['run', '--json', '--no-timeline', '--env', `CONFORMANCE_RUN=${this.marker}`];
    this.#child = spawn(thaw, [...marked, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#gone = once(this.#child, 'close');
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Resolves with the first line that fits; rejects where it ends without, and at the deadline. */
  async until(fits: (told: Told) => boolean, deadlineMs = 60_000): Promise<void> {
    const lines = createInterface({ input: this.#child.stdout! });
    const late = setTimeout(() => this.#child.kill('SIGKILL'), deadlineMs);
    try {
      for await (const line of lines) if (fits(JSON.parse(line))) return;
    } finally {
      clearTimeout(late);
      // Nobody reads on: what it still says must not stop it.
      this.#child.stdout!.resume();
    }
    throw new Error(`thaw (PID ${this.pid}) ended before that was told`);
  }

  /** Kills it. @returns whether it was alive until then. */
  async kill(): Promise<boolean> {
    const alive = this.#child.exitCode === null && this.#child.signalCode === null;
    this.#child.kill('SIGKILL');
    await this.#gone;
    return alive && this.#child.signalCode === 'SIGKILL';
  }
}
