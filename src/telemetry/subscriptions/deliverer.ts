import { maxSubscriptionsPerEnvironment, maxSubscriptionsPerExtension } from '../../domain/limits.ts';
import type { LogFormat } from '../../domain/logging.ts';
import type { StoryEvent, SubscriptionFigures } from '../../domain/story.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { StoryReader } from '../hub.ts';
import { type SetAlarm, systemAlarm } from './alarm.ts';
import { EncodedEvent } from './encoded-event.ts';
import { History } from './history.ts';
import { Subscriber, type SubscriberFigures } from './subscriber.ts';
import type { Subscription } from './subscription.ts';
import type { TelemetryType } from './vocabulary.ts';

export interface TelemetryDeliveryParts {
  readonly clock: Clock;
  /** What `sandbox` and `sandbox.localdomain` are, seen from here. */
  readonly address: string;
  /** The function's; default `Text`. */
  readonly logFormat?: LogFormat;
  /** What a subscriber will never see, told once per stretch of losses. Must not throw. */
  readonly tellDropped?: (dropped: DroppedTelemetry) => void;
  /** What a subscription came to, once, when its generation has ended. Must not throw. */
  readonly tellEnded?: (figures: SubscriptionFigures) => void;
  readonly setAlarm?: SetAlarm;
}

export interface DroppedTelemetry {
  /** The extension's name. */
  readonly subscriber: string;
  readonly records: number;
  /** Of the events' texts. */
  readonly bytes: number;
  readonly reason: string;
}

/** `refused`: the extension holds `maxSubscriptionsPerExtension` others, or the environment has too many in all. */
export type SubscribeOutcome = 'subscribed' | 'repeated' | 'refused';

/**
 * Delivers one environment's story to the extensions that subscribed to it. It reads, and nothing waits for it: what
 * a subscriber does, or fails to do, is felt by that subscriber alone.
 */
export class TelemetryDelivery {
  readonly #parts: TelemetryDeliveryParts;
  readonly #subscribers: Subscriber[] = [];
  #history: History | undefined = new History();
  #frozen = false;
  #closed = false;

  constructor(parts: TelemetryDeliveryParts) {
    this.#parts = parts;
  }

  /** A reader of the story. */
  readonly read: StoryReader = (event) => {
    if (this.#closed || (this.#subscribers.length === 0 && !this.#history)) return;
    const type = typeOf(event);
    if (type === undefined) return;
    const encoded = new EncodedEvent(event);
    this.#history?.add(type, encoded);
    for (const subscriber of this.#subscribers) subscriber.offer(type, encoded);
  };

  /**
   * From now on `subscriber`, an extension's name, gets what it subscribed to, and first what was told before. An
   * identical repetition changes nothing. The destination is not tried until there is a batch.
   */
  subscribe(subscriber: string, subscription: Subscription): SubscribeOutcome {
    if (this.#closed)
      throw new Error(`telemetry of this environment is closed: ${subscriber} cannot subscribe`);
    const outcome = this.outcomeOf(subscriber, subscription);
    if (outcome !== 'subscribed') return outcome;
    const { clock, address, logFormat = 'Text', tellDropped, setAlarm = systemAlarm } = this.#parts;
    const added = new Subscriber({
      name: subscriber,
      subscription,
      address,
      logFormat,
      clock,
      setAlarm,
      onDropped: ({ records, bytes }, reason) => tellDropped?.({ subscriber, records, bytes, reason }),
    });
    if (this.#frozen) added.freeze();
    this.#subscribers.push(added);
    if (this.#history) added.replay(this.#history);
    return 'subscribed';
  }

  /** What `subscribe` would come to. */
  outcomeOf(subscriber: string, subscription: Subscription): SubscribeOutcome {
    const own = this.#subscribers.filter(({ name }) => name === subscriber);
    if (own.some((other) => other.holds(subscription))) return 'repeated';
    const crowded =
      own.length >= maxSubscriptionsPerExtension ||
      this.#subscribers.length >= maxSubscriptionsPerEnvironment;
    return crowded ? 'refused' : 'subscribed';
  }

  /** Nobody can subscribe any more: the story's beginning need not be kept. */
  endHistory(): void {
    this.#history = undefined;
  }

  /** No timer runs and nothing new is sent until the thaw; what is under way waits. */
  freeze(): void {
    this.#frozen = true;
    for (const subscriber of this.#subscribers) subscriber.freeze();
  }

  thaw(): void {
    this.#frozen = false;
    for (const subscriber of this.#subscribers) subscriber.thaw();
  }

  /** From now on nothing waits for its time: the generation is about to end. */
  flush(): void {
    for (const subscriber of this.#subscribers) subscriber.flush();
  }

  /** The generation is gone, and its subscribers with it: what they were still to get is told as dropped. */
  endGeneration(why: 'reset' | 'shutdown'): void {
    this.#drop(why === 'reset' ? resetReason : endedReason);
    this.#frozen = false;
    this.#history = this.#closed ? undefined : new History();
  }

  /** Idempotent. */
  close(): void {
    this.#drop(endedReason);
    this.#closed = true;
    this.#history = undefined;
  }

  /** One entry per subscription, in the order they were made; they end with the generation. */
  figures(): readonly SubscriberFigures[] {
    return this.#subscribers.map((subscriber) => subscriber.figures());
  }

  #drop(reason: string): void {
    for (const subscriber of this.#subscribers.splice(0)) {
      const figures = subscriber.close(reason);
      this.#parts.tellEnded?.(figures);
    }
  }
}

const resetReason = 'The environment was reset before they were delivered.';
const endedReason = 'The environment ended before they were delivered.';

/** Undefined for what is never delivered: our own events, and losses, which concern only the one who suffered them. */
function typeOf(event: StoryEvent): TelemetryType | undefined {
  if (event.type === 'function' || event.type === 'extension') return event.type;
  return event.type.startsWith('platform.') && event.type !== 'platform.logsDropped' ? 'platform' : undefined;
}
