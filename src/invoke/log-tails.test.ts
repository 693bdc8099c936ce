import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logTailBytes } from '../domain/limits.ts';
import { textLogging } from '../domain/logging.ts';
import type { StoryEvent } from '../domain/story.ts';
import { LogTails } from './log-tails.ts';

const timeMs = 0;
const line = (record: string): StoryEvent => ({ timeMs, type: 'function', record, origin: 'runtime' });
const start = (requestId: string): StoryEvent => ({
  timeMs,
  type: 'platform.start',
  record: { requestId, version: '1' },
});
const done = (requestId: string): StoryEvent => ({
  timeMs,
  type: 'platform.runtimeDone',
  record: { requestId, status: 'success', metrics: { durationMs: 1 } },
});
const report = (requestId: string): StoryEvent => ({
  timeMs,
  type: 'platform.report',
  record: {
    requestId,
    status: 'success',
    metrics: { durationMs: 1.5, billedDurationMs: 2, memorySizeMB: 128, maxMemoryUsedMB: 30 },
  },
});

test('a tail goes from START to REPORT, and holds nothing of other invocations', () => {
  const tails = new LogTails();
  const [one, other] = [tails.reader(textLogging), tails.reader(textLogging)];
  const tail = tails.open('a');
  one(line('while it initialised'));
  one(start('a'));
  one(line('hello'));
  other(start('b'));
  other(line('not of a'));
  one(done('a'));
  one(report('a'));
  one(line('after it'));
  one(start('c'));
  one(line('the next one'));
  assert.deepEqual(String(tail.bytes()).split('\n'), [
    'START RequestId: a Version: 1',
    'hello',
    'END RequestId: a',
    'REPORT RequestId: a\tDuration: 1.50 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 30 MB\t',
    '',
  ]);
});

test('it keeps the end, in whole characters', () => {
  const tails = new LogTails();
  const read = tails.reader(textLogging);
  const tail = tails.open('a');
  read(start('a'));
  for (let count = 0; count < 1000; count += 1) read(line(`${count} ${'€'.repeat(20)}`));
  read(line(`last ${'€'.repeat(3000)}`));
  const bytes = tail.bytes();
  assert.ok(bytes.length <= logTailBytes && bytes.length > logTailBytes - 4, `${bytes.length} bytes`);
  assert.match(String(bytes), /^€+\n$/);
});

test('once closed it is read no more', () => {
  const tails = new LogTails();
  const read = tails.reader(textLogging);
  const tail = tails.open('a');
  tail.close();
  read(start('a'));
  read(line('hello'));
  assert.equal(tail.bytes().length, 0);
});
