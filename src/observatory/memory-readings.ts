import type { StoryReader } from '../telemetry/hub.ts';

/** The most memory each live environment has used, as its latest report tells it. */
export class MemoryReadings {
  readonly #maxUsedMiB = new Map<string, number>();

  /** @param environmentId it is forgotten by `forget` alone. */
  reader(environmentId: string): StoryReader {
    return (event) => {
      if (event.type === 'platform.report')
        this.#maxUsedMiB.set(environmentId, event.record.metrics.maxMemoryUsedMB);
    };
  }

  /** Undefined before the first report. */
  maxUsedMiB(environmentId: string): number | undefined {
    return this.#maxUsedMiB.get(environmentId);
  }

  forget(environmentId: string): void {
    this.#maxUsedMiB.delete(environmentId);
  }
}
