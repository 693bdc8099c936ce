import { isBelow, type JsonLogging } from '../../domain/logging.ts';
import type { LogEvent, StoryEvent } from '../../domain/story.ts';
import { storyJson } from '../ndjson.ts';
import { jsonObject } from './json-object.ts';
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

/**
 * Added as text: a reprint would round large numbers. It comes last, because of a key that stands twice readers take the
 * last, here a valid one instead of an invalid one.
 */
function withTimestamp({ record, timeMs }: LogEvent): string {
  const fields = jsonObject(record);
  if (fields === undefined || isTimestamp(fields.timestamp)) return record;
  const comma = Object.keys(fields).length > 0 ? ',' : '';
  const open = record.trimEnd().slice(0, -1);
  return `${open}${comma}"timestamp":"${new Date(timeMs).toISOString()}"}`;
}
