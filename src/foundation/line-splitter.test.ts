import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineSplitter } from './line-splitter.ts';

function split(chunks: readonly Buffer[], maxLineBytes = 1024): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter(maxLineBytes, (line) => lines.push(line));
  for (const chunk of chunks) splitter.write(chunk);
  splitter.end();
  return lines;
}

test('strips the newline, keeps carriage returns and empty lines, flushes the tail', () => {
  assert.deepEqual(split([Buffer.from('a\rb\r\n\nc\n'), Buffer.from('ta'), Buffer.from('il')]), [
    'a\rb\r',
    '',
    'c',
    'tail',
  ]);
  assert.deepEqual(split([Buffer.from('a\n')]), ['a']);
  assert.deepEqual(split([]), []);
});

test('emits a line as soon as its newline is there, and nothing before', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter(64, (line) => lines.push(line));
  splitter.write(Buffer.from('half'));
  assert.deepEqual(lines, []);
  splitter.write(Buffer.from(' a line\nnext'));
  assert.deepEqual(lines, ['half a line']);
});

test('a line of exactly the limit is one record, one byte more makes two', () => {
  assert.deepEqual(split([Buffer.from('12345678\n')], 8), ['12345678']);
  assert.deepEqual(split([Buffer.from('123456789\n')], 8), ['12345678', '9']);
  assert.deepEqual(split([Buffer.from('12345678'), Buffer.from('\n9')], 8), ['12345678', '9']);
});

test('cuts before a code point that would not fit', () => {
  assert.deepEqual(split([Buffer.from('abcdefg€h')], 8), ['abcdefg', '€h']);
  assert.deepEqual(split([Buffer.from('abcde😀')], 8), ['abcde', '😀']);
});

test('bytes that are not UTF-8 become U+FFFD, without end or loss of the rest', () => {
  assert.deepEqual(split([Buffer.from([0x61, 0xff, 0x62, 0x0a])]), ['a\ufffdb']);
  const continuations = split([Buffer.alloc(20, 0x80)], 8);
  assert.equal(continuations.join(''), '\ufffd'.repeat(20));
});

test('any text in any chunks comes out whole, in records within the limit', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ' ')),
        { minLength: 1 },
      ),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      fc.integer({ min: 4, max: 40 }),
      (texts, sizes, maxLineBytes) => {
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length]!;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        const lines = split(chunks, maxLineBytes);
        assert.ok(lines.every((line) => Buffer.byteLength(line) <= maxLineBytes));
        assert.equal(lines.join(''), texts.map((text) => text.toWellFormed()).join(''));
        const whole = split([bytes], Number.MAX_SAFE_INTEGER);
        assert.deepEqual(
          whole,
          texts.map((text) => text.toWellFormed()),
        );
      },
    ),
  );
});

test('does not keep the chunks it was given', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter(64, (line) => lines.push(line));
  const chunk = Buffer.from('kept');
  splitter.write(chunk);
  chunk.fill(0x78);
  splitter.end();
  assert.deepEqual(lines, ['kept']);
});

test('refuses a limit no code point fits into', () => {
  assert.throws(() => new LineSplitter(3, () => {}), /at most 3 bytes/);
});
