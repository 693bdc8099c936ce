import type { LogFormat } from '../domain/logging.ts';
import type { StoryEvent } from '../domain/story.ts';
import type { Clock } from '../foundation/clock.ts';
import { TelemetryDelivery } from '../telemetry/subscriptions/deliverer.ts';

/** The delivery of an environment's story to its extensions. What becomes of it is part of the story. */
export function openTelemetry(parts: {
  readonly clock: Clock;
  readonly logFormat: LogFormat;
  /** The sandbox's; asked for when somebody subscribes. */
  readonly address: () => string;
  /** To readers outside only: a subscriber hears of its own losses in its own stream. */
  readonly tell: (event: StoryEvent) => void;
}): TelemetryDelivery {
  const { clock, logFormat, address, tell } = parts;
  return new TelemetryDelivery({
    clock,
    logFormat,
    get address() {
      return address();
    },
    tellDropped: ({ subscriber, records, bytes, reason }) =>
      tell({
        timeMs: clock(),
        type: 'platform.logsDropped',
        record: { droppedRecords: records, droppedBytes: bytes, reason: `${subscriber}: ${reason}` },
      }),
    tellEnded: (record) => tell({ timeMs: clock(), type: 'thaw.telemetry', record }),
  });
}
