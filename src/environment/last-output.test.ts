import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LastOutput } from './last-output.ts';

test('keeps the last five lines of each process, cut where they are long', () => {
  const output = new LastOutput();
  for (let line = 1; line <= 7; line += 1) output.add('a', `line ${line}`);
  output.add('b', 'x'.repeat(1000));
  assert.deepEqual(output.of('a'), ['line 3', 'line 4', 'line 5', 'line 6', 'line 7']);
  assert.deepEqual(output.of('b'), [`${'x'.repeat(300)}…`]);
  assert.deepEqual(output.of('c'), []);
});

test('what is printed without a line end is output too', () => {
  const output = new LastOutput();
  assert.deepEqual(output.of('a', ['waiting for the backend']), ['waiting for the backend']);
  for (let line = 1; line <= 5; line += 1) output.add('a', `line ${line}`);
  assert.deepEqual(output.of('a', ['half']), ['line 2', 'line 3', 'line 4', 'line 5', 'half']);
});

test('is fit to be quoted in one line: no carriage returns, no colours, no empty lines', () => {
  const output = new LastOutput();
  for (const line of ['HTTP/1.1 200 OK\r', '\r', '', '\u001b[31mred\u001b[0m\tkey', '\u0007'])
    output.add('a', line);
  assert.deepEqual(output.of('a'), ['HTTP/1.1 200 OK', 'red key']);
});

test('where there is too much to quote, the newest lines are kept', () => {
  const output = new LastOutput();
  for (const letter of ['a', 'b', 'c']) output.add('a', letter.repeat(200));
  output.add('a', 'about to crash: no key');
  assert.deepEqual(output.of('a'), ['c'.repeat(200), 'about to crash: no key']);
});
