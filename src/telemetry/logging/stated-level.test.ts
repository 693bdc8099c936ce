import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applicationLogLevels } from '../../domain/logging.ts';
import { isTimestamp, statedLevel } from './stated-level.ts';

const timestamp = '2026-01-05T10:00:00.000Z';

test('a JSON line states its level, in any case', () => {
  for (const level of applicationLogLevels) {
    assert.equal(statedLevel(JSON.stringify({ timestamp, level })), level);
    assert.equal(statedLevel(` ${JSON.stringify({ timestamp, level: level.toLowerCase() })}`), level);
  }
});

test('missing or invalid, level or timestamp: INFO', () => {
  for (const level of [undefined, null, 30, 'WARNING', '', ['ERROR'], { a: 1 }]) {
    assert.equal(statedLevel(JSON.stringify({ timestamp, level })), 'INFO');
  }
  for (const wrong of [undefined, 0, 1767607200000, 'now', '2026-01-05', '2026-13-05T10:00:00Z', null]) {
    assert.equal(statedLevel(JSON.stringify({ timestamp: wrong, level: 'ERROR' })), 'INFO');
  }
});

test('what is no JSON object has no level', () => {
  for (const line of [
    '',
    'ERROR text',
    '[{"level":"ERROR"}]',
    '"x"',
    '1',
    'null',
    '{"level":"ERROR"',
    '{}}',
  ]) {
    assert.equal(statedLevel(line), undefined);
  }
  const deep = '{"a":'.repeat(100_000);
  assert.equal(statedLevel(deep), undefined);
});

test('timestamps are RFC 3339', () => {
  for (const good of [timestamp, '2026-01-05T10:00:00Z', '2026-01-05t10:00:00.123456789+05:30']) {
    assert.ok(isTimestamp(good), good);
  }
  for (const bad of ['2026-01-05 10:00:00Z', '2026-01-05T10:00:00', '2026-01-05T25:00:00Z', 5]) {
    assert.ok(!isTimestamp(bad), String(bad));
  }
});
