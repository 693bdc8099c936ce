import type { Logging } from '../domain/logging.ts';
import type { StoryEvent } from '../domain/story.ts';
import { jsonLogText } from './logging/json-log.ts';
import { systemLogLine } from './system-log.ts';

/**
 * What the function's log stream holds of an event, without a newline at its end, in the function's log format; undefined
 * where it holds nothing. Lines of function and extensions stand in it side by side, unmarked.
 */
export function logMessage(event: StoryEvent, logging: Logging): string | undefined {
  if (logging.format === 'JSON') return jsonLogText(event, logging);
  return event.type === 'function' || event.type === 'extension' ? event.record : systemLogLine(event);
}
