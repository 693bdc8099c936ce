import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maxTelemetryLineBytes } from '../../domain/limits.ts';
import type { LogFormat } from '../../domain/logging.ts';
import type { StoryEvent } from '../../domain/story.ts';
import { type DecodedEvent, decodeStrictly } from '../testing/strict-decoder.ts';
import { requestId, wholeStory } from '../testing/whole-story.ts';
import { dialectOf } from './dialect.ts';
import { EncodedEvent } from './encoded-event.ts';
import type { SchemaVersion } from './vocabulary.ts';
import { encodeEvent, encodeLogsDropped } from './wire-event.ts';

const schemaVersions: readonly SchemaVersion[] = [
  ...['2025-01-29' as const, '2022-12-13' as const, '2022-07-01' as const],
  ...['2021-03-18' as const, '2020-08-15' as const],
];

function encode(
  events: readonly StoryEvent[],
  schemaVersion: SchemaVersion,
  format: LogFormat = 'Text',
): DecodedEvent[] {
  const wire = events.flatMap((event) => encodeEvent(event, dialectOf(schemaVersion, format)));
  for (const { text, bytes } of wire) assert.equal(bytes, Buffer.byteLength(text));
  return decodeStrictly(schemaVersion, `[${wire.map(({ text }) => text).join(',')}]`);
}

function line(record: string): StoryEvent {
  return { timeMs: Date.UTC(2026, 0, 5, 10, 0, 0, 7) + 0.9, type: 'function', record, origin: 'runtime' };
}

test('a strict decoder accepts every event of a whole life, in every schema and log format', () => {
  for (const schemaVersion of schemaVersions) {
    for (const format of ['Text', 'JSON'] as const) {
      const events = encode(wholeStory(), schemaVersion, format);
      assert.ok(events.length >= 15, `${events.length} events`);
      assert.ok(events.every(({ type }) => !type.startsWith('thaw.')));
    }
  }
});

test('the Telemetry API tells the story as it is', () => {
  const told = wholeStory().filter(
    ({ type }) => !type.startsWith('thaw.') && type !== 'platform.logsSubscription',
  );
  const expected = told.map(({ timeMs, type, record }) => ({
    time: new Date(timeMs).toISOString(),
    type,
    record,
  }));
  for (const schemaVersion of ['2025-01-29', '2022-12-13', '2022-07-01'] as const) {
    assert.deepEqual(encode(wholeStory(), schemaVersion), expected);
  }
});

test('the Logs API has its own words, and knows nothing of Init', () => {
  const types = (schemaVersion: SchemaVersion) =>
    encode(wholeStory(), schemaVersion).map(({ type }) => type.replace('platform.', ''));
  const failed = ['start', 'function', 'fault', 'end', 'report'];
  const init = ['extension', 'logsSubscription', 'function', 'extension', 'extension'];
  assert.deepEqual(types('2020-08-15'), [
    ...init,
    ...['start', 'function', 'end', 'report'],
    ...[...failed, ...failed, ...failed],
  ]);
  const failedSince2021 = ['start', 'function', 'fault', 'runtimeDone', 'end', 'report'];
  assert.deepEqual(types('2021-03-18'), [
    ...init,
    ...['start', 'function', 'runtimeDone', 'end', 'report'],
    ...[...failedSince2021, ...failedSince2021, ...failedSince2021],
  ]);
});

test('records of the Logs API', () => {
  const events = encode(wholeStory(), '2021-03-18');
  const records = (type: string) => events.filter((event) => event.type === type).map(({ record }) => record);
  assert.deepEqual(records('platform.runtimeDone'), [
    { requestId, status: 'success' },
    { requestId, status: 'failure' },
    { requestId, status: 'timeout' },
    { requestId, status: 'failure' },
  ]);
  const [exit, timeout, failure] = records('platform.fault');
  assert.equal(exit, `RequestId: ${requestId} Process exited before completing request`);
  assert.match(String(timeout), new RegExp(`^\\S+Z ${requestId} Task timed out after 3\\.00 seconds$`));
  assert.equal(failure, `RequestId: ${requestId} Error: Sandbox.Failure`);
  assert.deepEqual(records('platform.start')[0], { requestId, version: '$LATEST' });
  assert.deepEqual(records('platform.extension')[1], { name: 'dead', state: 'ExitError', events: [] });
});

test('the Logs API tells the trace only where it is sampled', () => {
  const report = (sampled: 0 | 1) => {
    const event = wholeStory().find(({ type }) => type === 'platform.report')!;
    const text = JSON.stringify(event).replaceAll('Sampled=1', `Sampled=${sampled}`);
    const [decoded] = encode([JSON.parse(text)], '2020-08-15');
    return decoded!.record as object;
  };
  assert.ok('tracing' in report(1));
  assert.ok(!('tracing' in report(0)));
});

test('exact text, control characters and all', () => {
  const [wire] = encodeEvent(line('a\r"\u0001é'), 'telemetry');
  assert.equal(
    wire!.text,
    '{"time":"2026-01-05T10:00:00.007Z","type":"function","record":"a\\r\\"\\u0001é"}',
  );
  const dropped = encodeLogsDropped(0, { droppedBytes: 2, droppedRecords: 1, reason: 'why' });
  for (const schemaVersion of schemaVersions) decodeStrictly(schemaVersion, `[${dropped.text}]`);
});

test('a JSON line is an object only in JSON format, since 2022-12-13, and number for number as written', () => {
  const object = '{\n "big": 12345678901234567890, "text": "a\\nb"\r\n}';
  const [wire] = encodeEvent(line(object), 'telemetry with objects');
  assert.ok(wire!.text.endsWith('"record":{  "big": 12345678901234567890, "text": "a\\nb" }}'), wire!.text);
  const record = (text: string, version: SchemaVersion, format: LogFormat) =>
    encode([line(text)], version, format)[0]!.record;
  assert.equal(typeof record(object, '2022-12-13', 'JSON'), 'object');
  assert.equal(typeof record(object, '2025-01-29', 'JSON'), 'object');
  assert.equal(record(object, '2022-12-13', 'Text'), object);
  assert.equal(record(object, '2022-07-01', 'JSON'), object);
  assert.equal(record(object, '2021-03-18', 'JSON'), object);
  for (const text of ['[1]', '1', '"x"', 'null', '{"open":', '', '{}}']) {
    assert.equal(record(text, '2022-12-13', 'JSON'), text);
  }
});

test('a line too long for a batch comes in pieces that make it whole again', () => {
  const hard = fc.constantFrom('\u0001', 'x', 'é', '€', '\u{1f600}');
  fc.assert(
    fc.property(fc.array(hard, { minLength: 1, maxLength: 7 }), (units) => {
      const text = units.join('').repeat(40_000);
      const wire = encodeEvent(line(text), 'telemetry');
      assert.ok(wire.every(({ bytes }) => bytes <= maxTelemetryLineBytes));
      const records = wire.map((event) => JSON.parse(event.text).record);
      assert.ok(records.every((record) => record.isWellFormed()));
      assert.equal(records.join(''), text);
    }),
    { numRuns: 20 },
  );
  const longObject = JSON.stringify({ text: 'x'.repeat(maxTelemetryLineBytes) });
  const pieces = encode([line(longObject)], '2022-12-13', 'JSON');
  assert.equal(pieces.map(({ record }) => record).join(''), longObject);
});

test('an event is encoded once for all who share a dialect', () => {
  const spoken = new EncodedEvent(line('{}'));
  assert.equal(spoken.in('telemetry'), spoken.in('logs 2020-08-15'));
  assert.equal(spoken.in('telemetry'), spoken.in('logs 2021-03-18'));
  assert.notEqual(spoken.in('telemetry')[0]!.text, spoken.in('telemetry with objects')[0]!.text);
  const start = new EncodedEvent(wholeStory().find(({ type }) => type === 'platform.start')!);
  assert.equal(start.in('telemetry'), start.in('telemetry'));
  assert.notEqual(start.in('telemetry')[0]!.text, start.in('logs 2021-03-18')[0]!.text);
});
