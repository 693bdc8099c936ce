import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { logStore } from '../../domain/limits.ts';
import { begunWriter, group, messages, storeDirectory } from '../testing/told-log.ts';
import { groupDirectory, segmentPath, streamDirectory } from './layout.ts';
import { enforceLimits } from './retention.ts';

const nowMs = Date.UTC(2026, 0, 20);
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** A segment of 100 bytes, last written so long ago. */
function segment(root: string, of: string, stream: string, agoMs: number, isOpen = false): string {
  const directory = streamDirectory(root, of, stream);
  mkdirSync(directory, { recursive: true });
  const file = segmentPath({ directory, startMs: nowMs - agoMs, isOpen });
  writeFileSync(file, Buffer.alloc(100));
  utimesSync(file, (nowMs - agoMs) / 1000, (nowMs - agoMs) / 1000);
  return file;
}

test('by age: what is older goes, with the directories it leaves empty', async (t) => {
  const root = storeDirectory(t);
  const [old, young] = [segment(root, '/a', 'old', 15 * dayMs), segment(root, '/a', 'young', 13 * dayMs)];
  segment(root, '/b', 'old', 15 * dayMs);
  await enforceLimits(root, groupDirectory(root, '/a'), logStore, nowMs);
  assert.deepEqual([existsSync(old), existsSync(young)], [false, true]);
  assert.deepEqual(readdirSync(root).sort(), ['%2Fa', '.limits-enforced'].sort());
  assert.deepEqual(readdirSync(path.join(root, '%2Fa')), ['young']);
});

test('by size and by number: the oldest of the group go first, never one that is being written', async (t) => {
  for (const limits of [{ groupBytes: 300 }, { groupSegments: 3 }]) {
    const root = storeDirectory(t);
    const files = [
      segment(root, '/a', 'being written', 59 * minuteMs, true),
      segment(root, '/a', 'one', 50 * minuteMs),
      segment(root, '/a', 'two', 40 * minuteMs),
      segment(root, '/a', 'two', 30 * minuteMs),
      segment(root, '/a', 'left behind', 61 * minuteMs, true),
      segment(root, '/b', 'of another group', 90 * minuteMs),
    ];
    await enforceLimits(root, groupDirectory(root, '/a'), { ...logStore, ...limits }, nowMs);
    assert.deepEqual(files.map(existsSync), [true, false, true, true, false, true]);
  }
});

test('in all: the oldest of any group go, once a minute', async (t) => {
  const root = storeDirectory(t);
  const limits = { ...logStore, bytes: 200 };
  const files = ['/a', '/b', '/c'].map((of, index) => segment(root, of, 's', (3 - index) * minuteMs));
  await enforceLimits(root, groupDirectory(root, '/c'), limits, nowMs);
  assert.deepEqual(files.map(existsSync), [false, true, true]);
  const stamp = path.join(root, '.limits-enforced');
  utimesSync(stamp, nowMs / 1000, nowMs / 1000);
  const more = segment(root, '/d', 's', 0);
  await enforceLimits(root, groupDirectory(root, '/d'), limits, nowMs + minuteMs - 1);
  assert.deepEqual(files.map(existsSync), [false, true, true]);
  await enforceLimits(root, groupDirectory(root, '/d'), limits, nowMs + minuteMs);
  assert.deepEqual([...files, more].map(existsSync), [false, false, true, true]);
});

test('several at once do not disturb each other, and what is no part of the store stays', async (t) => {
  const root = storeDirectory(t);
  const strange = path.join(root, 'notes.txt');
  writeFileSync(strange, 'mine');
  for (let number = 0; number < 50; number += 1) segment(root, '/a', `s${number}`, 15 * dayMs);
  const once = () => enforceLimits(root, groupDirectory(root, '/a'), logStore, nowMs);
  await Promise.all([once(), once(), once(), once()]);
  assert.deepEqual(readdirSync(root).sort(), ['.limits-enforced', 'notes.txt']);
});

test('a writer keeps its group within bounds, and the newest lines', async (t) => {
  const root = storeDirectory(t);
  const bounds = { segmentBytes: 2000, groupBytes: 10_000 };
  const { writer, say, warnings } = begunWriter(root, 's', bounds);
  for (let number = 0; number < 2000; number += 1) {
    say(`line ${number}`);
    if (number % 50 === 0) await new Promise(setImmediate);
  }
  await writer.close();
  const texts = await messages(root, {});
  assert.equal(texts.at(-1), 'line 1999');
  assert.ok(texts.length < 2000);
  assert.deepEqual(warnings, []);
  assert.deepEqual(readdirSync(groupDirectory(root, group)), ['s']);
});
