import { maxTelemetryLineBytes } from '../../domain/limits.ts';
import type { LogEvent, LogsDropped, StoryEvent } from '../../domain/story.ts';
import { jsonObjectText } from '../logging/json-object.ts';
import type { Dialect } from './dialect.ts';
import { logsEvents } from './logs-vocabulary.ts';
import type { TelemetryType } from './vocabulary.ts';

/** One event as it goes over the wire. */
export interface WireEvent {
  readonly kind: TelemetryType;
  /** `{"time","type","record"}` on one line, without a newline. */
  readonly text: string;
  /** Of `text` as UTF-8. */
  readonly bytes: number;
}

/**
 * The event in a dialect: none where the API does not have it (`thaw.*` never leaves), several where a line is longer
 * than `maxTelemetryLineBytes` or the Logs API tells one moment in several events.
 */
export function encodeEvent(event: StoryEvent, dialect: Dialect): readonly WireEvent[] {
  if (event.type === 'function' || event.type === 'extension') return encodeLine(event, dialect);
  if (event.type.startsWith('thaw.')) return [];
  switch (dialect) {
    case 'logs 2020-08-15':
    case 'logs 2021-03-18':
      return logsEvents(event, dialect === 'logs 2021-03-18').map(([type, record]) =>
        wireEvent('platform', event.timeMs, type, JSON.stringify(record)),
      );
    default:
      if (event.type === 'platform.logsSubscription') return [];
      return [wireEvent('platform', event.timeMs, event.type, JSON.stringify(event.record))];
  }
}

/** Of the subscriber's own stream, so never part of the story. */
export function encodeLogsDropped(timeMs: number, record: LogsDropped): WireEvent {
  return wireEvent('platform', timeMs, 'platform.logsDropped', JSON.stringify(record));
}

function encodeLine(event: LogEvent, dialect: Dialect): readonly WireEvent[] {
  const object = dialect === 'telemetry with objects' ? jsonObjectText(event.record) : undefined;
  if (object !== undefined) {
    const whole = wireEvent(event.type, event.timeMs, event.type, object);
    if (whole.bytes <= maxTelemetryLineBytes) return [whole];
    // Pieces of an object are no objects: they go as strings.
  }
  return encodeText(event, event.record);
}

/** Halved until it fits, never inside a code point. */
function encodeText(event: LogEvent, line: string): readonly WireEvent[] {
  const whole = wireEvent(event.type, event.timeMs, event.type, JSON.stringify(line));
  if (whole.bytes <= maxTelemetryLineBytes) return [whole];
  const half = line.length >> 1;
  const middle = line.codePointAt(half - 1)! > 0xffff ? half + 1 : half;
  return [...encodeText(event, line.slice(0, middle)), ...encodeText(event, line.slice(middle))];
}

function wireEvent(kind: TelemetryType, timeMs: number, type: string, record: string): WireEvent {
  const text = `{"time":"${new Date(timeMs).toISOString()}","type":"${type}","record":${record}}`;
  return { kind, text, bytes: Buffer.byteLength(text) };
}
