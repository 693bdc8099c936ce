import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvocationWaits } from './invocation-waits.ts';

function waits(
  done: Readonly<Record<string, number | undefined>>,
  runtimeMs: number | undefined,
  endMs: number,
) {
  const waits = new InvocationWaits<string>();
  for (const name of Object.keys(done)) waits.give(name);
  for (const [name, ms] of Object.entries(done)) if (ms !== undefined) waits.done(name, ms);
  if (runtimeMs !== undefined) waits.runtimeDone(runtimeMs);
  return waits.end(endMs).map(({ extension, inAllMs, aloneMs }) => [extension, inAllMs, aloneMs]);
}

test('the last extension was waited for alone since the last but one was done', () => {
  assert.deepEqual(waits({ a: 30, b: 22, c: 5 }, 10, 30), [
    ['a', 20, 8],
    ['b', 12, 0],
    ['c', 0, 0],
  ]);
});

test('no extension was waited for where the runtime is done last', () => {
  assert.deepEqual(waits({ a: 9 }, 10, 10), [['a', 0, 0]]);
});

test('two that are done at once were not waited for alone', () => {
  assert.deepEqual(waits({ a: 30, b: 30 }, 10, 30), [
    ['a', 20, 0],
    ['b', 20, 0],
  ]);
});

test('whoever is never done was waited for until the end', () => {
  assert.deepEqual(waits({ a: undefined, b: 22 }, 10, 3000), [
    ['a', 2990, 2978],
    ['b', 12, 0],
  ]);
});

test('where the runtime is never done, nobody was waited for beside it', () => {
  assert.deepEqual(waits({ a: 5 }, undefined, 3000), [['a', 0, 0]]);
});

test('what was not given the event is not waited for; only the first end counts', () => {
  const waits = new InvocationWaits<string>();
  waits.done('stranger', 5);
  waits.give('a');
  waits.runtimeDone(10);
  waits.runtimeDone(99);
  waits.done('a', 15);
  waits.done('a', 99);
  assert.deepEqual(waits.end(100), [{ extension: 'a', inAllMs: 5, aloneMs: 5 }]);
});
