import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

const part = (name: string) => import(new URL(`../var-runtime/${name}.mjs`, import.meta.url).href);
const { unsigned, signed, GobBytes, messageSize } = await part('gob-numbers');
const { GobWriter } = await part('gob-writer');
const { GobReader } = await part('gob-reader');

const hex = (bytes: Buffer) => bytes.toString('hex');

/** The examples of Go's documentation ("Package gob", "Encoding Details"). */
const documented = {
  unsigned: [
    [0, '00'],
    [7, '07'],
    [127, '7f'],
    [256, 'fe0100'],
  ],
  signed: [
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [-129, 'fe0101'],
  ],
  // struct { X, Y int } of the name Point, and its value {22, 33}.
  point: '1fff8103010105506f696e7401ff820001020101580104000101590104000000' + '07ff82012c014200',
} as const;

describe('gob', () => {
  it('has numbers as documented, and reads them back', () => {
    for (const [value, bytes] of documented.unsigned) assert.equal(hex(unsigned(value)), bytes);
    for (const [value, bytes] of documented.signed) assert.equal(hex(signed(value)), bytes);
    for (const value of [0, 127, 128, 255, 65_536, 2 ** 31, 2 ** 52]) {
      assert.equal(new GobBytes(unsigned(value)).unsigned(), value);
      assert.equal(new GobBytes(signed(value)).signed(), value);
      assert.equal(new GobBytes(signed(-value - 1)).signed(), -value - 1);
    }
  });

  it('writes a structure as documented', () => {
    const writer = new GobWriter({ Point: { X: 'int', Y: 'int' } });
    assert.equal(hex(writer.message('Point', { X: 22, Y: 33 })), documented.point);
    // It is defined once only; what is 0 is left out.
    assert.equal(hex(writer.message('Point', { Y: 33 })), '05ff82024200');
  });

  it('reads a structure as documented, however it is cut into pieces', () => {
    const bytes = Buffer.from(documented.point.repeat(2), 'hex');
    for (let length = 1; length <= bytes.length; length += 1) {
      const reader = new GobReader();
      const values = [];
      for (let start = 0; start < bytes.length; start += length)
        values.push(...reader.read(bytes.subarray(start, start + length)));
      assert.deepEqual(values, Array(2).fill({ X: 22, Y: 33 }));
    }
  });

  it('reads what it writes: nested structures, texts, bytes', () => {
    const kinds = { Outer: { Name: 'string', Inner: 'Inner', Data: 'bytes' }, Inner: { Count: 'uint' } };
    const value = { Name: 'größer', Inner: { Count: 300 }, Data: Buffer.alloc(70_000, 7) };
    const bytes = new GobWriter(kinds).message('Outer', value);
    assert.deepEqual([...new GobReader().read(bytes)], [value]);
  });

  it('refuses what is no such stream', () => {
    assert.throws(() => [...new GobReader().read(Buffer.from('03ff8400', 'hex'))], /never defined/);
    assert.throws(() => new GobBytes(Buffer.from([2])).take(2), RangeError);
    assert.throws(() => new GobBytes(Buffer.from([0x80])).unsigned(), /a gob number of 128 bytes/);
    assert.equal(messageSize(Buffer.from([0xfe, 1])), undefined);
  });
});
