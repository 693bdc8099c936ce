import type { LogFormat } from '../../domain/logging.ts';
import type { SubscriptionFigures } from '../../domain/story.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { SetAlarm } from './alarm.ts';
import { Courier } from './courier.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import type { EncodedEvent } from './encoded-event.ts';
import type { History } from './history.ts';
import { HttpSender } from './http-sender.ts';
import { type Amount, Outbox } from './outbox.ts';
import type { Subscription } from './subscription.ts';
import { TcpSender } from './tcp-sender.ts';
import type { TelemetryType } from './vocabulary.ts';

export interface SubscriberParts {
  /** The extension's. */
  readonly name: string;
  readonly subscription: Subscription;
  readonly address: string;
  readonly logFormat: LogFormat;
  readonly clock: Clock;
  readonly setAlarm: SetAlarm;
  readonly onDropped: (lost: Amount, reason: string) => void;
}

/** Every event offered is in exactly one of delivered, dropped and pending; so is every `platform.logsDropped`. */
export interface SubscriberFigures extends SubscriptionFigures {
  readonly pendingBytes: number;
  readonly pendingRecords: number;
  /** Why the latest attempt at the batch under way failed, for people. */
  readonly lastFailure?: string;
}

/** One subscription of one extension: what it wants, in its dialect, on its way to its destination. */
export class Subscriber {
  readonly name: string;
  readonly #subscription: Subscription;
  readonly #types: ReadonlySet<TelemetryType>;
  readonly #dialect: Dialect;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #courier: Courier;
  readonly #address: string;

  constructor({ name, subscription, address, logFormat, clock, setAlarm, onDropped }: SubscriberParts) {
    const { destination, buffering } = subscription;
    this.name = name;
    this.#address = address;
    this.#subscription = subscription;
    this.#types = new Set(subscription.types);
    this.#dialect = dialectOf(subscription.schemaVersion, logFormat);
    this.#clock = clock;
    this.#outbox = new Outbox({ buffering, onDropped });
    const sender =
      destination.protocol === 'HTTP'
        ? new HttpSender(address, destination)
        : new TcpSender(address, destination.port);
    this.#courier = new Courier({ outbox: this.#outbox, sender, clock, setAlarm });
  }

  /** Whether `subscription` is the same, field for field. */
  holds(subscription: Subscription): boolean {
    return JSON.stringify(subscription) === JSON.stringify(this.#subscription);
  }

  offer(type: TelemetryType, event: EncodedEvent): void {
    if (this.#types.has(type)) this.#courier.offer(event.in(this.#dialect));
  }

  replay(history: History): void {
    const reason = 'They were written before the subscription, and there were too many to keep.';
    this.#outbox.miss(history.forgotten(this.#types), reason, this.#clock());
    for (const event of history.events(this.#types)) this.#courier.offer(event.in(this.#dialect));
  }

  freeze(): void {
    this.#courier.freeze();
  }

  thaw(): void {
    this.#courier.thaw();
  }

  flush(): void {
    this.#courier.flush();
  }

  /** What is held is told as dropped. @returns what became of all it was offered. */
  close(reason: string): SubscriptionFigures {
    const lastFailure = this.#lastFailure;
    this.#courier.close(
      lastFailure === undefined ? reason : `${reason} The last attempt failed: ${lastFailure}`,
    );
    return this.#settledFigures();
  }

  figures(): SubscriberFigures {
    const { pending } = this.#outbox;
    const lastFailure = this.#lastFailure;
    return {
      ...this.#settledFigures(),
      pendingBytes: pending.bytes,
      pendingRecords: pending.records,
      ...(lastFailure !== undefined && { lastFailure }),
    };
  }

  /** Under the name the subscriber gave: the address behind it is not known inside. */
  get #lastFailure(): string | undefined {
    const { destination } = this.#subscription;
    const hostname = destination.protocol === 'HTTP' ? destination.hostname : 'sandbox.localdomain';
    return this.#courier.lastFailure?.replaceAll(this.#address, hostname);
  }

  #settledFigures(): SubscriptionFigures {
    const { delivered, dropped } = this.#outbox;
    return {
      subscriber: this.name,
      api: this.#subscription.api,
      deliveredBytes: delivered.bytes,
      deliveredRecords: delivered.records,
      droppedBytes: dropped.bytes,
      droppedRecords: dropped.records,
    };
  }
}
