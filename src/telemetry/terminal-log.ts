import { type Logging, textLogging } from '../domain/logging.ts';
import type { StoryEvent } from '../domain/story.ts';
import { jsonLogText } from './logging/json-log.ts';
import { systemLogLine } from './system-log.ts';
import { paint, type TextStyle } from './text-style.ts';

/**
 * What a person at a terminal reads of an event, newline included; undefined where it says nothing there.
 *
 * A function's own lines and the platform's are what CloudWatch Logs would hold. There an extension's lines stand
 * among them unmarked; here each begins with `[name] `, so that one sees who spoke. Findings begin with `thaw: `, and so
 * does what a subscriber lost, of which Lambda's text log says nothing.
 * A `\r` inside a record is a line break of that record, as in CloudWatch Logs: a terminal would print over it.
 * In the JSON log format nothing but findings is marked, so that what is JSON stays it.
 */
export function terminalLogText(
  event: StoryEvent,
  style: TextStyle,
  logging: Logging = textLogging,
): string | undefined {
  if (logging.format === 'JSON' && event.type !== 'thaw.diagnosis') {
    const text = jsonLogText(event, logging);
    return text === undefined ? undefined : lines(text, '');
  }
  switch (event.type) {
    case 'function':
      return lines(event.record, '');
    case 'extension':
      return lines(event.record, paint(`[${event.origin}]`, 'faint', style).concat(' '));
    case 'thaw.diagnosis':
      return lines(event.record.message, paint('thaw:', 'bad', style).concat(' '));
    case 'platform.logsDropped': {
      const { droppedRecords, droppedBytes, reason } = event.record;
      return lines(
        `${droppedRecords} telemetry events (${droppedBytes} bytes) were not delivered to ${reason}`,
        paint('thaw:', 'bad', style).concat(' '),
      );
    }
    default: {
      const line = systemLogLine(event);
      return line === undefined ? undefined : `${line}\n`;
    }
  }
}

function lines(record: string, prefix: string): string {
  return record
    .replace(/\r$/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => `${prefix}${line}\n`)
    .join('');
}
