import { isBelow, type JsonLogging } from '../../domain/logging.ts';
import type { LogEvent, StoryEvent } from '../../domain/story.ts';
import { storyJson } from '../ndjson.ts';
import { jsonObject, withValue } from './json-object.ts';
import { isTimestamp } from './stated-level.ts';
import { systemLogLevel } from './system-log-level.ts';

/**
 * What a function's log in JSON format holds of an event, without a newline at its end; undefined where its level is
 * filtered out, and for `thaw.*`. ("Sending Lambda function logs to CloudWatch Logs", JSON format.)
 *
 * The platform's events are objects as in the Telemetry API. Lines that are JSON already are passed through, plain text
 * too. Filtering needs a level: lines without one always pass.
 */
export function jsonLogText(event: StoryEvent, logging: JsonLogging): string | undefined {
  if (event.type === 'function' || event.type === 'extension') {
    const { level } = event;
    if (level === undefined) return event.record;
    return isBelow(level, logging.applicationLogLevel) ? undefined : withTimestamp(event);
  }
  const level = systemLogLevel(event);
  return level === undefined || isBelow(level, logging.systemLogLevel) ? undefined : storyJson(event);
}

/** Put in as text: a reprint would round large numbers. An invalid timestamp gives it its place. */
function withTimestamp({ record, timeMs }: LogEvent): string {
  const fields = jsonObject(record);
  if (fields === undefined || isTimestamp(fields.timestamp)) return record;
  const text = JSON.stringify(new Date(timeMs).toISOString());
  if (Object.hasOwn(fields, 'timestamp')) return withValue(record, 'timestamp', text);
  const comma = Object.keys(fields).length > 0 ? ',' : '';
  const open = record.trimEnd().slice(0, -1);
  return `${open}${comma}"timestamp":${text}}`;
}
