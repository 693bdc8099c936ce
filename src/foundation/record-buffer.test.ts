import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordBuffer } from './record-buffer.ts';

test('a record has the bytes of all its parts; an empty one is a record too', () => {
  const records: string[] = [];
  const buffer = new RecordBuffer(64, (record) => records.push(record));
  assert.ok(buffer.isEmpty);
  buffer.append(Buffer.from([0xe2, 0x82]));
  buffer.append(Buffer.from([0xac]));
  assert.ok(!buffer.isEmpty);
  buffer.end();
  buffer.end();
  assert.deepEqual(records, ['€', '']);
});

test('a part longer than many records is cut as it comes', () => {
  const records: string[] = [];
  const buffer = new RecordBuffer(5, (record) => records.push(record));
  buffer.append(Buffer.from('12345€67890'));
  assert.deepEqual(records, ['12345', '€67']);
  buffer.end();
  assert.deepEqual(records, ['12345', '€67', '890']);
});
