import type { ProcessMoment } from '../../domain/story.ts';
import type { ExtensionMetrics } from './extension-metrics.ts';

/** Measures how one process of an extension begins: start, registration, first `next`. */
export class ExtensionBeginning {
  readonly #figures: ExtensionMetrics;
  #startedMs: number | undefined;
  #registeredMs: number | undefined;
  #isReady = false;

  constructor(figures: ExtensionMetrics) {
    this.#figures = figures;
  }

  note(moment: ProcessMoment, timeMs: number): void {
    switch (moment) {
      case 'started':
        this.#startedMs = timeMs;
        this.#measureRegistration();
        break;
      case 'registered':
        this.#registeredMs = timeMs;
        this.#measureRegistration();
        break;
      case 'ready':
        if (!this.#isReady && this.#registeredMs !== undefined)
          this.#figures.registerToNextMs.add(timeMs - this.#registeredMs);
        this.#isReady = true;
        break;
    }
  }

  /** A quick process may have registered before its start is told. */
  #measureRegistration(): void {
    if (this.#startedMs === undefined || this.#registeredMs === undefined) return;
    this.#figures.startToRegisterMs.add(Math.max(0, this.#registeredMs - this.#startedMs));
  }
}
