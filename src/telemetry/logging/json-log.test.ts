import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  applicationLogLevels,
  type JsonLogging,
  type LogLevel,
  type SystemLogLevel,
  systemLogLevels,
} from '../../domain/logging.ts';
import type { StoryEvent } from '../../domain/story.ts';
import { storyNdjson } from '../ndjson.ts';
import { wholeStory } from '../testing/whole-story.ts';
import { jsonLogText } from './json-log.ts';
import { systemLogLevel } from './system-log-level.ts';

const timeMs = Date.UTC(2026, 0, 5, 10);

function logging(
  applicationLogLevel: LogLevel = 'INFO',
  systemLogLevel: SystemLogLevel = 'INFO',
): JsonLogging {
  return { format: 'JSON', applicationLogLevel, systemLogLevel };
}

function line(record: string, level?: LogLevel, type: 'function' | 'extension' = 'function'): StoryEvent {
  return { timeMs, type, record, origin: 'runtime', ...(level && { level }) };
}

test('the platform says the same as to telemetry, from its level on', () => {
  for (const least of systemLogLevels) {
    const heard = systemLogLevels.slice(systemLogLevels.indexOf(least));
    for (const event of wholeStory()) {
      if (event.type === 'function' || event.type === 'extension') continue;
      const level = systemLogLevel(event);
      const expected = level !== undefined && heard.includes(level) ? storyNdjson(event) : undefined;
      const text = jsonLogText(event, logging('FATAL', least));
      assert.equal(text === undefined ? undefined : `${text}\n`, expected, `${event.type} at ${least}`);
    }
  }
});

test('every level of a function against every threshold', () => {
  for (const [rank, threshold] of applicationLogLevels.entries()) {
    const passed = applicationLogLevels.filter((level) => jsonLogText(line('x', level), logging(threshold)));
    assert.deepEqual(passed, applicationLogLevels.slice(rank));
  }
});

test('without a level a line passes as it is, JSON or not', () => {
  for (const record of ['plain', '{"level":"TRACE"}', '{"a": 12345678901234567890}', '']) {
    for (const type of ['function', 'extension'] as const) {
      assert.equal(jsonLogText(line(record, undefined, type), logging('FATAL')), record);
    }
  }
});

test('a JSON line without a valid timestamp gets one, and is otherwise kept as it was written', () => {
  const time = '2026-01-05T10:00:00.000Z';
  const told = (record: string) => jsonLogText(line(record, 'INFO'), logging());
  assert.equal(told('{"big": 12345678901234567890} '), `{"big": 12345678901234567890,"timestamp":"${time}"}`);
  assert.equal(told('{}'), `{"timestamp":"${time}"}`);
  assert.equal(told('{"level":"WARN","timestamp":"yesterday"}'), `{"level":"WARN","timestamp":"${time}"}`);
  const nested =
    '"a":{"timestamp":"x"},"b":[{"timestamp":1}],"c":"\\"timestamp\\":1,}","big":12345678901234567890';
  for (const invalid of ['null', '7', '"a\\"}, "', '{"timestamp":[1,2]}', '[",",{}]']) {
    for (const key of ['"timestamp"', '"\\u0074imestamp"']) {
      const line = (value: string) => ` {${nested}, ${key} :${value}, "level": "WARN"}`;
      assert.equal(told(line(invalid)), line(`"${time}"`));
    }
  }
  const valid = '{"timestamp":"2026-01-05T09:00:00Z","message":"m"}';
  assert.equal(told(valid), valid);
  assert.equal(told('no JSON'), 'no JSON');
});
