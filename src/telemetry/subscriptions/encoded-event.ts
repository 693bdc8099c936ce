import type { StoryEvent } from '../../domain/story.ts';
import type { Dialect } from './dialect.ts';
import { encodeEvent, type WireEvent } from './wire-event.ts';

/** An event of the story, encoded at most once per dialect, however many subscribe to it. */
export class EncodedEvent {
  readonly #event: StoryEvent;
  readonly #texts = new Map<Dialect, readonly WireEvent[]>();

  constructor(event: StoryEvent) {
    this.#event = event;
  }

  in(dialect: Dialect): readonly WireEvent[] {
    const key = this.#sameAs(dialect);
    let texts = this.#texts.get(key);
    if (!texts) {
      texts = encodeEvent(this.#event, key);
      this.#texts.set(key, texts);
    }
    return texts;
  }

  /** A line that is a string is the same text everywhere. */
  #sameAs(dialect: Dialect): Dialect {
    const isLine = this.#event.type === 'function' || this.#event.type === 'extension';
    return isLine && dialect !== 'telemetry with objects' ? 'telemetry' : dialect;
  }
}
