import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applicationLogLevels, type LogLevel } from '../../domain/logging.ts';
import { LogFrames } from './log-frames.ts';

type Told = readonly [record: string, level: LogLevel | undefined];

function frame(message: string | Buffer, level?: LogLevel, { json = false, length = -1 } = {}): Buffer {
  const bytes = Buffer.from(message);
  const head = Buffer.alloc(16);
  const rank = level === undefined ? 0 : applicationLogLevels.indexOf(level) + 1;
  head.writeUInt32BE(((json ? 0xa55a0002 : 0xa55a0003) | (rank << 2)) >>> 0, 0);
  head.writeUInt32BE(length < 0 ? bytes.length : length, 4);
  head.writeBigUInt64BE(2n ** 64n - 1n, 8);
  return Buffer.concat([head, bytes]);
}

/** Cut into chunks of these sizes, over and over. */
function decode(
  bytes: Buffer,
  sizes: readonly number[] = [bytes.length || 1],
  maxRecordBytes = 1024,
): Told[] {
  const told: Told[] = [];
  const frames = new LogFrames(maxRecordBytes, (record, level) => told.push([record, level]));
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    frames.write(bytes.subarray(at, at + size));
    at += size;
  }
  frames.end();
  return told;
}

test('the bytes of a frame are those that runtimes write', () => {
  const bytes = Buffer.from('a55a000f 00000003 00000000000f4240 6869 0a'.replaceAll(' ', ''), 'hex');
  assert.deepEqual(decode(bytes), [['hi', 'INFO']]);
});

test('every level, in text and in JSON; none is none', () => {
  for (const json of [false, true]) {
    for (const level of [undefined, ...applicationLogLevels]) {
      assert.deepEqual(decode(frame('x', level, { json })), [['x', level]]);
    }
  }
  assert.deepEqual(
    applicationLogLevels.map((level) => frame('', level).readUInt32BE() & 0xff),
    [0x07, 0x0b, 0x0f, 0x13, 0x17, 0x1b],
  );
});

test('a frame is one record: newlines inside are kept, one at the end is not, nothing is a record too', () => {
  const bytes = Buffer.concat([frame('a\nb\n\n', 'WARN'), frame(''), frame('\n'), frame('c')]);
  assert.deepEqual(decode(bytes), [
    ['a\nb\n', 'WARN'],
    ['', undefined],
    ['', undefined],
    ['c', undefined],
  ]);
});

test('a record is told as soon as it is whole', () => {
  const told: string[] = [];
  const frames = new LogFrames(64, (record) => told.push(record));
  const bytes = frame('whole');
  frames.write(bytes.subarray(0, -1));
  assert.deepEqual(told, []);
  frames.write(bytes.subarray(-1));
  assert.deepEqual(told, ['whole']);
});

test('a message longer than a record is cut, inner newlines at a cut included', () => {
  const message = `${'1234567\n'.repeat(5)}`;
  const told = decode(frame(message, 'ERROR'), [1000], 8);
  assert.equal(told.map(([record]) => record).join(''), message.slice(0, -1));
  assert.ok(told.every(([record, level]) => Buffer.byteLength(record) <= 8 && level === 'ERROR'));
});

test('what is no frame is taken as lines, and frames after it are frames again', () => {
  const bytes = Buffer.concat([
    frame('one', 'INFO'),
    Buffer.from('raw 1\nraw 2'),
    frame('two', 'WARN'),
    Buffer.from([0xa5, 0x5a, 0x00, 0x04, 0xa5, 0xa5]),
    frame('three'),
    Buffer.from([0xa5, 0x5a]),
  ]);
  const expected: Told[] = [
    ['one', 'INFO'],
    ['raw 1', undefined],
    ['raw 2', undefined],
    ['two', 'WARN'],
    ['\ufffdZ\0\u0004\ufffd\ufffd', undefined],
    ['three', undefined],
    ['\ufffdZ', undefined],
  ];
  assert.deepEqual(decode(bytes), expected);
  assert.deepEqual(decode(bytes, [1]), expected);
});

test('a frame that claims more than ever comes gives what came, in bounded records', () => {
  const bytes = frame('x'.repeat(1_000_000), 'INFO', { length: 0xffffffff });
  const told = decode(bytes, [65_536], 1024);
  assert.equal(told.length, Math.ceil(1_000_000 / 1024));
  assert.ok(told.every(([record]) => record.length <= 1024));
  assert.equal(decode(frame('', 'INFO', { length: 5 })).length, 0);
});

test('frames come out as they went in, however they are chunked', () => {
  const level = fc.option(fc.constantFrom(...applicationLogLevels), { nil: undefined });
  const text = fc.string({ unit: 'binary' }).map((each) => each.toWellFormed().replace(/\n+$/, ''));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, level, fc.boolean())),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (records, sizes) => {
        const bytes = Buffer.concat(records.map(([message, rank, json]) => frame(message, rank, { json })));
        assert.deepEqual(
          decode(bytes, sizes),
          records.map(([message, rank]) => [message, rank]),
        );
      },
    ),
  );
});

test('any garbage between frames: each record is bounded, chunking changes nothing, nothing is lost', () => {
  const fragment = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(
      Buffer.from([0xa5]),
      Buffer.from([0xa5, 0x5a, 0x00]),
      Buffer.from([0xa5, 0x5a, 0x00, 0x1f]),
    ),
    fc.string({ maxLength: 30 }).map((text) => frame(text, 'INFO')),
    fc.tuple(fc.string(), fc.nat(80)).map(([text, length]) => frame(text, 'DEBUG', { length })),
  );
  fc.assert(
    fc.property(
      fc.array(fragment),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (fragments, sizes) => {
        const bytes = Buffer.concat(fragments);
        const told = decode(bytes, sizes, 16);
        assert.deepEqual(told, decode(bytes, undefined, 16));
        // A byte that is no UTF-8 becomes three.
        assert.ok(told.every(([record]) => Buffer.byteLength(record) <= 3 * 16));
      },
    ),
  );
  const ascii = fc.string({ maxLength: 60 }).map((text) => text.replaceAll('\n', ' '));
  fc.assert(
    fc.property(ascii, ascii, (garbage, message) => {
      const told = decode(Buffer.concat([Buffer.from(garbage), frame(message, 'WARN')]));
      const expected: Told[] = [[message, 'WARN']];
      assert.deepEqual(told, garbage === '' ? expected : [[garbage, undefined], ...expected]);
    }),
  );
});
