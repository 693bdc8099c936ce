import assert from 'node:assert/strict';
import { test } from 'node:test';
import { damageText, logEventText, newest, parseSinceMs } from './log-options.ts';
import { UsageError } from './usage-error.ts';

const nowMs = Date.UTC(2026, 0, 5, 10);

test('--since is an age or a time', () => {
  const ages = { '0s': 0, '30s': 30_000, '10m': 600_000, '2h': 7_200_000, '7d': 604_800_000 };
  for (const [text, ageMs] of Object.entries(ages)) assert.equal(parseSinceMs(text, nowMs), nowMs - ageMs);
  assert.equal(parseSinceMs('2026-01-05T09:00:00+01:00', nowMs), nowMs - 7_200_000);
  assert.equal(parseSinceMs('2026-01-05', nowMs), Date.UTC(2026, 0, 5));
  for (const text of ['', '10', 'm', '10 m', '-1m', '1.5h', 'yesterday', '2026-13-01', '5'])
    assert.throws(() => parseSinceMs(text, nowMs), UsageError, text);
});

test('a line per event, or more where its message has more', () => {
  const event = { timestamp: nowMs, ingestionTime: nowMs + 1, logStreamName: 's', message: 'a\rb\r\nc\r' };
  assert.equal(logEventText(event, false), '2026-01-05T10:00:00.000Z a\nb\nc\n');
  assert.deepEqual(JSON.parse(logEventText(event, true)), event);
});

test('damage, counted', () => {
  assert.equal(damageText(1, '/logs'), 'thaw: 1 damaged record in /logs was skipped\n');
  assert.equal(damageText(2, '/logs'), 'thaw: 2 damaged records in /logs were skipped\n');
});

test('the newest', async () => {
  async function* items(count: number) {
    for (let item = 0; item < count; item += 1) yield item;
  }
  for (const count of [0, 1, 2, 3, 4, 7])
    assert.deepEqual(await newest(items(count), 2), [...Array(count).keys()].slice(-2));
});
