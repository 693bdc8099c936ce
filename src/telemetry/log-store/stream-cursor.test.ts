import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { collected, storeDirectory } from '../testing/told-log.ts';
import { listSegments, segmentPath, streamDirectory } from './layout.ts';
import { decodeRecord, encodeRecord, type StoredEvent } from './record.ts';
import { StreamCursor } from './stream-cursor.ts';
import { StreamFiles } from './stream-files.ts';

async function unread(cursor: StreamCursor): Promise<StoredEvent[]> {
  await cursor.look();
  return await collected(cursor.read());
}

const event = (message: string, timestamp = 1000): StoredEvent => ({
  timestamp,
  ingestionTime: timestamp + 1,
  message,
});

async function append(files: StreamFiles, events: readonly StoredEvent[]): Promise<void> {
  const records = Buffer.from(events.map(encodeRecord).join(''));
  await files.makeRoom(records.length, events[0]!.timestamp, 0);
  const { bytes, error } = await files.append(records);
  assert.deepEqual([bytes, error], [records.length, undefined]);
}

const anyEvent = fc.record(
  { timestamp: fc.nat(), ingestionTime: fc.nat(), message: fc.string({ unit: 'binary', maxLength: 200 }) },
  { noNullPrototype: true },
);

test('what was appended is read: whole and in order, from any position, over all segments', async (t) => {
  const root = storeDirectory(t);
  let streams = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyEvent, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 10 }),
      fc.integer({ min: 1, max: 4000 }),
      fc.nat(),
      async (batches, segmentBytes, stop) => {
        streams += 1;
        const directory = streamDirectory(root, '/g', `s/${streams}`);
        const files = new StreamFiles(directory, segmentBytes);
        const live = new StreamCursor(directory);
        const seen: StoredEvent[] = [];
        for (const batch of batches) {
          await append(files, batch);
          seen.push(...(await unread(live)));
        }
        const all = batches.flat();
        assert.deepEqual(seen, all);
        assert.equal(live.isEnded, false);
        await files.close();
        const again = new StreamCursor(directory);
        await again.look();
        assert.equal(again.isEnded, true);
        const first: StoredEvent[] = [];
        const count = 1 + (stop % all.length);
        for await (const each of again.read()) if (first.push(each) === count) break;
        const rest = await unread(again);
        assert.deepEqual([...first, ...rest], all);
        assert.equal(live.damagedRecords + again.damagedRecords, 0);
      },
    ),
    { numRuns: 60 },
  );
});

test('a lone surrogate, which is no text, becomes what it becomes everywhere else', () => {
  const record = encodeRecord(event('a\ud800b\n'));
  assert.deepEqual(decodeRecord(Buffer.from(record.slice(0, -1)))?.message, 'a\ud800b\n');
});

test('torn anywhere: every whole record before it is read, and the next segment after it', async (t) => {
  const root = storeDirectory(t);
  const events = [event('one'), event('two €'), event('three')];
  const bytes = Buffer.from(events.map(encodeRecord).join(''));
  for (let length = 0; length < bytes.length; length += 1) {
    const directory = streamDirectory(root, '/g', `torn ${length}`);
    const files = new StreamFiles(directory, 1);
    await append(files, events);
    const [torn] = await listSegments(directory);
    truncateSync(segmentPath(torn!), length);
    const cursor = new StreamCursor(directory);
    const whole = bytes.subarray(0, length).toString('latin1').split('\n').length - 1;
    assert.deepEqual(await unread(cursor), events.slice(0, whole));
    await append(files, [event('later', 2000)]);
    assert.deepEqual(await unread(cursor), [event('later', 2000)]);
    assert.equal(cursor.damagedRecords, 0);
    await files.close();
  }
});

test('any one byte changed: that record is skipped and counted, the others are read', async (t) => {
  const directory = streamDirectory(storeDirectory(t), '/g', 's');
  const files = new StreamFiles(directory, 1_000_000);
  const events = [event('one'), event('two'), event('three')];
  await append(files, events);
  await files.close();
  const [segment] = await listSegments(directory);
  const file = segmentPath(segment!);
  const good = readFileSync(file);
  const begin = encodeRecord(events[0]!).length;
  const end = begin + encodeRecord(events[1]!).length - 1;
  for (let at = begin; at < end; at += 1) {
    const bad = Buffer.from(good);
    bad[at] = 0;
    writeFileSync(file, bad);
    const cursor = new StreamCursor(directory);
    assert.deepEqual(await unread(cursor), [events[0], events[2]]);
    assert.equal(cursor.damagedRecords, 1);
  }
});
