import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialectOf } from '../subscriptions/dialect.ts';
import type { SchemaVersion } from '../subscriptions/vocabulary.ts';
import { encodeEvent } from '../subscriptions/wire-event.ts';
import { decodeStrictly } from './strict-decoder.ts';
import { requestId, wholeStory } from './whole-story.ts';

const time = '2026-01-05T10:00:00.000Z';
const schemaVersions = ['2025-01-29', '2022-12-13', '2022-07-01', '2021-03-18', '2020-08-15'] as const;

function refusal(schemaVersion: SchemaVersion, event: unknown): string {
  try {
    decodeStrictly(schemaVersion, JSON.stringify([event]));
  } catch (error) {
    return String(error);
  }
  return 'accepted';
}

test('a field too many is refused at every place of every event', () => {
  let places = 0;
  for (const schemaVersion of schemaVersions) {
    for (const event of wholeStory().flatMap((told) => encodeEvent(told, dialectOf(schemaVersion, 'Text')))) {
      for (const broken of withSurplus(JSON.parse(event.text))) {
        assert.match(refusal(schemaVersion, broken), /surplus is unknown/);
        places += 1;
      }
    }
  }
  assert.ok(places > 200, `${places} places`);
});

/** The value as often as it has objects, each time with one field more in one of them. */
function withSurplus(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, field]) =>
    withSurplus(field).map((broken) =>
      Array.isArray(value) ? value.with(Number(key), broken) : { ...value, [key]: broken },
    ),
  );
  return Array.isArray(value) ? inside : [{ ...value, surplus: 1 }, ...inside];
}

test('types, enum values, numbers and times that the schema does not have are refused', () => {
  const refused = (type: string, record: unknown, expected: RegExp, version: SchemaVersion = '2022-12-13') =>
    assert.match(refusal(version, { time, type, record }), expected);
  refused('platform.end', { requestId }, /type is "platform.end", unknown/);
  refused('toString', {}, /type is "toString", unknown/);
  refused('platform.start', { requestId }, /accepted/);
  refused('platform.start', { requestId: '7' }, /requestId is "7"/);
  refused('platform.start', {}, /requestId is missing/);
  refused('platform.runtimeDone', { requestId, status: 'fine' }, /status is "fine", none of success/);
  refused('platform.runtimeDone', { requestId, status: 'error' }, /errorType is missing/);
  refused('platform.runtimeDone', { requestId, status: 'success', spans: [] }, /spans has 0 items/);
  refused(
    'platform.logsDropped',
    { droppedBytes: 1.5, droppedRecords: 1, reason: 'x' },
    /droppedBytes is 1.5/,
  );
  refused('function', {}, /accepted/);
  refused('function', {}, /record is {}, no string/, '2022-07-01');
  refused('function', {}, /record is {}, no string/, '2021-03-18');
  refused('function', 5, /record is 5/);
  refused('platform.runtimeDone', { requestId, status: 'success' }, /unknown/, '2020-08-15');
  refused('platform.runtimeDone', { requestId, status: 'error' }, /status is "error"/, '2021-03-18');
  refused('platform.initStart', {}, /unknown/, '2021-03-18');
  const bad = { time: '2026-01-05T10:00:00Z', type: 'function', record: '' };
  assert.match(refusal('2022-12-13', bad), /time is "2026-01-05T10:00:00Z"/);
});

test('what came over TCP is whole lines, over HTTP an array that is not empty', () => {
  const event = JSON.stringify({ time, type: 'function', record: 'a' });
  assert.equal(decodeStrictly('2022-12-13', `${event}\n${event}\n`, 'TCP').length, 2);
  assert.throws(() => decodeStrictly('2022-12-13', `${event}\n${event}`, 'TCP'), /no newline/);
  assert.throws(() => decodeStrictly('2022-12-13', '[]'), /no array of events/);
  assert.throws(() => decodeStrictly('2022-12-13', event), /no array of events/);
});
