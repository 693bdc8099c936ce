import type { StoryEvent } from '../domain/story.ts';

/** Must not block: it is called while the environment tells. */
export type StoryReader = (event: StoryEvent) => void;

/**
 * One environment's story: told once, read by many. Fan-out is synchronous, in the order of subscription, and every
 * reader sees the events in the order they were told, also when a reader tells one itself.
 *
 * A reader that throws hurts neither the others nor the teller: it is reported the first time and stays subscribed.
 */
export class StoryHub {
  readonly #onReaderError: (error: unknown) => void;
  readonly #subscriptions = new Set<{ readonly reader: StoryReader; reported: boolean }>();
  readonly #untold: StoryEvent[] = [];
  #telling = false;

  /** `onReaderError` hears the first error of each reader, and must not throw. */
  constructor(onReaderError: (error: unknown) => void) {
    this.#onReaderError = onReaderError;
  }

  tell(event: StoryEvent): void {
    this.#untold.push(event);
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let next = this.#untold.shift(); next !== undefined; next = this.#untold.shift())
        this.#fanOut(next);
    } finally {
      this.#telling = false;
    }
  }

  /** From now on `reader` sees every event, until the returned function is called. */
  subscribe(reader: StoryReader): () => void {
    const subscription = { reader, reported: false };
    this.#subscriptions.add(subscription);
    return () => this.#subscriptions.delete(subscription);
  }

  #fanOut(event: StoryEvent): void {
    for (const subscription of this.#subscriptions) {
      try {
        subscription.reader(event);
      } catch (error) {
        if (subscription.reported) continue;
        subscription.reported = true;
        this.#onReaderError(error);
      }
    }
  }
}
