import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoryEvent } from '../../domain/story.ts';
import { EncodedEvent } from './encoded-event.ts';
import { History } from './history.ts';
import type { TelemetryType } from './vocabulary.ts';

const everything: ReadonlySet<TelemetryType> = new Set(['platform', 'function', 'extension']);

function add(history: History, type: TelemetryType, name: string): number {
  const event = (
    type === 'platform'
      ? { timeMs: 0, type: 'platform.extension', record: { name, state: 'Ready', events: [] } }
      : { timeMs: 0, type, record: name, origin: 'runtime' }
  ) as StoryEvent;
  const encoded = new EncodedEvent(event);
  history.add(type, encoded);
  return encoded.in('telemetry')[0]!.bytes;
}

function names(history: History, types = everything): string[] {
  return [...history.events(types)].map((event) => {
    const { record } = JSON.parse(event.in('telemetry')[0]!.text);
    return typeof record === 'string' ? record : record.name;
  });
}

test('what was told, in order, by type', () => {
  const history = new History();
  add(history, 'platform', 'start');
  add(history, 'function', 'f1');
  add(history, 'extension', 'e1');
  add(history, 'platform', 'middle');
  add(history, 'function', 'f2');
  assert.deepEqual(names(history), ['start', 'f1', 'e1', 'middle', 'f2']);
  assert.deepEqual(names(history, new Set(['function'])), ['f1', 'f2']);
  assert.deepEqual(history.forgotten(everything), { records: 0, bytes: 0 });
});

test('the oldest lines go first, then platform events, the first of them never', () => {
  const history = new History({ maxBytes: 1_000_000, maxRecords: 4 });
  add(history, 'platform', 'start');
  const bytes = add(history, 'function', 'f1');
  add(history, 'extension', 'e1');
  add(history, 'platform', 'p1');
  add(history, 'function', 'f2');
  assert.deepEqual(names(history), ['start', 'e1', 'p1', 'f2']);
  assert.deepEqual(history.forgotten(new Set(['function'])), { records: 1, bytes });
  assert.deepEqual(history.forgotten(new Set(['extension'])), { records: 0, bytes: 0 });
  for (const name of ['p2', 'p3', 'p4', 'p5']) add(history, 'platform', name);
  assert.deepEqual(names(history), ['start', 'p3', 'p4', 'p5']);
  assert.equal(history.forgotten(everything).records, 5);
});

test('bounded in bytes, through any flood', () => {
  const history = new History({ maxBytes: 10_000, maxRecords: 1_000_000 });
  const start = add(history, 'platform', 'start');
  let bytes = 0;
  for (let i = 0; i < 20_000; i += 1) bytes += add(history, 'function', `line ${i}`);
  const kept = names(history);
  const keptBytes = [...history.events(everything)].reduce((sum, e) => sum + e.in('telemetry')[0]!.bytes, 0);
  assert.ok(keptBytes <= 10_000 && keptBytes > 9_800, `${keptBytes} bytes`);
  assert.equal(kept[0], 'start');
  assert.equal(kept.at(-1), 'line 19999');
  assert.deepEqual(history.forgotten(everything), {
    records: 20_000 - (kept.length - 1),
    bytes: bytes - (keptBytes - start),
  });
});
