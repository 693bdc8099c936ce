import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoryEvent } from '../domain/story.ts';
import { StoryHub } from './hub.ts';

function line(record: string): StoryEvent {
  return { timeMs: 0, type: 'function', record, origin: 'runtime' };
}

function failOnError(error: unknown): void {
  throw error;
}

test('every reader sees every event in order, from its subscription to its end', () => {
  const hub = new StoryHub(failOnError);
  const [early, late]: [unknown[], unknown[]] = [[], []];
  const end = hub.subscribe((event) => early.push(event.record));
  hub.tell(line('1'));
  hub.subscribe((event) => late.push(event.record));
  hub.tell(line('2'));
  end();
  hub.tell(line('3'));
  assert.deepEqual(early, ['1', '2']);
  assert.deepEqual(late, ['2', '3']);
});

test('a reader that throws is reported once, and hurts neither the others nor the teller', () => {
  const errors: unknown[] = [];
  const hub = new StoryHub((error) => errors.push(error));
  const [attempts, seen]: [unknown[], unknown[]] = [[], []];
  const broken = new Error('broken reader');
  hub.subscribe((event) => {
    attempts.push(event.record);
    throw broken;
  });
  hub.subscribe((event) => seen.push(event.record));
  hub.tell(line('1'));
  hub.tell(line('2'));
  assert.deepEqual(errors, [broken]);
  assert.deepEqual(attempts, ['1', '2']);
  assert.deepEqual(seen, ['1', '2']);
});

test('an event told by a reader comes after the one being told, for every reader', () => {
  const hub = new StoryHub(failOnError);
  const seen: unknown[] = [];
  hub.subscribe((event) => {
    if (event.record === '1') hub.tell(line('2'));
  });
  hub.subscribe((event) => seen.push(event.record));
  hub.tell(line('1'));
  assert.deepEqual(seen, ['1', '2']);
});
