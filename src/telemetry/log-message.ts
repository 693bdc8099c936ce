import type { Logging } from '../domain/logging.ts';
import type { StoryEvent } from '../domain/story.ts';
import { jsonLogText } from './logging/json-log.ts';
import { storyJson } from './ndjson.ts';
import { systemLogLine } from './system-log.ts';

/**
 * What the function's log stream holds of an event, without a newline at its end, in the function's log format; undefined
 * where it holds nothing. Lines of function and extensions stand in it side by side, unmarked.
 *
 * Beside what Lambda writes it has Thaw's findings: nobody watches the terminal of a service, and who runs on another
 * interpreter than was asked for has to be able to learn it. They begin with `thaw: `; in a JSON log they are objects.
 */
export function logMessage(event: StoryEvent, logging: Logging): string | undefined {
  const isJson = logging.format === 'JSON';
  if (event.type === 'thaw.diagnosis') return isJson ? storyJson(event) : `thaw: ${event.record.message}`;
  if (isJson) return jsonLogText(event, logging);
  return event.type === 'function' || event.type === 'extension' ? event.record : systemLogLine(event);
}
