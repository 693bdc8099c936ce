import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordBlock } from './record-block.ts';

function add(block: RecordBlock, text: string, timestamp: number): boolean {
  return block.add(text, Buffer.byteLength(text), timestamp);
}

test('records are peeked at whole, and taken one by one or several at a time', () => {
  const block = new RecordBlock(12);
  assert.deepEqual(
    [add(block, 'one\n', 1), add(block, 'zwö\n', 2), add(block, 'x\n', 3)],
    [true, true, true],
  );
  assert.equal(add(block, 'y\n', 4), false);
  assert.equal(block.peek(12).toString(), 'one\nzwö\nx\n');
  assert.equal(block.peek(8).toString(), 'one\n');
  assert.equal(block.peek(1).toString(), 'one\n');
  block.take(4);
  assert.deepEqual([block.count, block.timestamp], [2, 2]);
  assert.equal(block.peek(6).toString(), 'zwö\n');
  block.take(7);
  assert.deepEqual([block.count, block.timestamp], [0, undefined]);
});

test('what is added while records are written does not change them', () => {
  const block = new RecordBlock(8);
  add(block, 'one\n', 1);
  const written = block.peek(8);
  add(block, 'two\n', 2);
  assert.equal(written.toString(), 'one\n');
  block.take(written.length);
  assert.deepEqual([block.count, block.timestamp, block.peek(8).toString()], [1, 2, 'two\n']);
});
