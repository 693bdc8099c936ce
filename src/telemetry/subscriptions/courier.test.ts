import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  endingAnswerTimeoutMs,
  subscriberAnswerRestTimeoutMs,
  subscriberAnswerTimeoutMs,
} from '../../domain/limits.ts';
import { ManualTime } from '../testing/manual-time.ts';
import { ScriptedSender } from '../testing/scripted-sender.ts';
import { Courier } from './courier.ts';
import { type Amount, Outbox } from './outbox.ts';
import type { WireEvent } from './wire-event.ts';

const small = { maxBytes: 3000, maxRecords: 12, platformReserveBytes: 1000, platformReserveRecords: 4 };
const refusal = { delivered: false, reason: 'refused' } as const;

function setUp(buffering = { maxItems: 5, maxBytes: 1000, timeoutMs: 50 }) {
  const time = new ManualTime();
  const sender = new ScriptedSender();
  const told: Amount[] = [];
  const outbox = new Outbox({ buffering, limits: small, onDropped: (lost) => told.push(lost) });
  const courier = new Courier({ outbox, sender, clock: time.clock, setAlarm: time.setAlarm });
  return { time, sender, outbox, courier, told };
}

function event(number: number, kind: WireEvent['kind'] = 'function', padding = 0): WireEvent {
  const text = JSON.stringify({ number, padding: 'x'.repeat(padding) });
  return { kind, text, bytes: Buffer.byteLength(text) };
}

test('a batch goes out its time after its first event, and not before', async () => {
  const { time, sender, courier } = setUp();
  courier.offer([event(1)]);
  await time.advance(30);
  courier.offer([event(2)]);
  await time.advance(19);
  assert.equal(sender.sent.length, 0);
  await time.advance(1);
  assert.deepEqual(sender.delivered, [event(1).text, event(2).text]);
  assert.equal(time.armed, 0, 'nothing to wait for');
});

test('a batch goes out at once with its last item, or with its last byte', async () => {
  const items = setUp();
  items.courier.offer([1, 2, 3, 4].map((number) => event(number)));
  await items.time.advance(0);
  assert.equal(items.sender.sent.length, 0);
  items.courier.offer([event(5), event(6)]);
  await items.time.advance(0);
  assert.equal(items.sender.delivered.length, 5);
  const bytes = setUp();
  bytes.courier.offer([event(1, 'function', 900)]);
  await bytes.time.advance(0);
  assert.equal(bytes.sender.sent.length, 0);
  bytes.courier.offer([event(2, 'function', 900)]);
  await bytes.time.advance(0);
  assert.equal(bytes.sender.delivered.length, 2);
});

test('one batch under way; what comes meanwhile waits for it, however late', async () => {
  const { time, sender, courier } = setUp();
  sender.holding = true;
  courier.offer([event(1)]);
  await time.advance(50);
  courier.offer([event(2), event(3)]);
  await time.advance(500);
  assert.equal(sender.sent.length, 1);
  sender.release();
  await time.advance(0);
  assert.equal(sender.sent.length, 2);
  sender.release();
  await time.advance(0);
  assert.deepEqual(
    sender.delivered,
    [1, 2, 3].map((number) => event(number).text),
  );
});

test('a refused batch is the same bytes again, later and later, and later events wait behind it', async () => {
  const { time, sender, courier } = setUp();
  sender.outcomes.push(...Array.from({ length: 8 }, () => refusal));
  courier.offer([event(1)]);
  await time.advance(50);
  for (const waitMs of [25, 50, 100, 200, 400, 800, 1000, 1000]) {
    const before = sender.sent.length;
    assert.equal(courier.lastFailure, 'refused');
    courier.offer([event(1 + before)]);
    await time.advance(waitMs - 1);
    assert.equal(sender.sent.length, before, `before ${waitMs} ms`);
    await time.advance(1);
    assert.ok(sender.sent.length > before, `after ${waitMs} ms`);
    assert.equal(sender.sent[before], sender.sent[0]);
  }
  await time.advance(50);
  assert.equal(courier.lastFailure, undefined);
  assert.deepEqual(
    sender.delivered,
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => event(number).text),
  );
  sender.outcomes.push(refusal);
  courier.offer([event(10)]);
  await time.advance(50);
  await time.advance(25);
  assert.equal(sender.delivered.length, 10, 'the waits begin anew after a success');
});

test('a connection that had gone stale costs no wait', async () => {
  const { time, sender, courier } = setUp();
  sender.outcomes.push({ delivered: false, reason: 'reset', stale: true });
  courier.offer([event(1)]);
  await time.advance(50);
  assert.equal(sender.sent.length, 2);
  assert.equal(sender.delivered.length, 1);
});

test('without an answer the same bytes are sent again, over another connection', async () => {
  const { time, sender, courier, told } = setUp();
  sender.holding = true;
  courier.offer([event(1)]);
  await time.advance(50);
  await time.advance(subscriberAnswerTimeoutMs - 1);
  assert.deepEqual(sender.drops, []);
  await time.advance(1);
  assert.deepEqual(sender.drops, ['there was no answer within 10 s']);
  assert.equal(courier.lastFailure, sender.drops[0]);
  sender.holding = false;
  await time.advance(25);
  assert.deepEqual([sender.sent.length, sender.sent[1]], [2, sender.sent[0]]);
  assert.deepEqual(sender.delivered, [event(1).text]);
  assert.deepEqual([told, time.armed], [[], 0]);
});

test('the time for an answer stands still while frozen, and is short once all is flushed', async () => {
  const { time, sender, courier } = setUp();
  sender.holding = true;
  courier.offer([event(1)]);
  await time.advance(50);
  await time.advance(subscriberAnswerTimeoutMs - 5000);
  courier.freeze();
  assert.equal(time.armed, 0);
  await time.advance(600_000);
  courier.thaw();
  await time.advance(4999);
  assert.equal(sender.drops.length, 0);
  await time.advance(1);
  assert.equal(sender.drops.length, 1);
  await time.advance(25);
  assert.equal(sender.sent.length, 2);
  courier.flush();
  await time.advance(endingAnswerTimeoutMs - 1);
  assert.equal(sender.drops.length, 1);
  await time.advance(1);
  assert.equal(sender.drops.length, 2);
  await time.advance(50);
  assert.equal(sender.sent.length, 3);
  await time.advance(endingAnswerTimeoutMs);
  assert.equal(sender.drops.length, 3, 'also of what is sent after the flush');
});

test('a protocol without answers has no time for one', async () => {
  const { time, sender, courier } = setUp();
  sender.isAnswered = false;
  sender.holding = true;
  courier.offer([event(1)]);
  await time.advance(600_000);
  assert.deepEqual([sender.sent.length, sender.drops, time.armed], [1, [], 0]);
});

test('an answer counts before its rest is there; the next batch waits for it, but not forever', async () => {
  const { time, sender, courier, outbox } = setUp();
  const rest = Promise.withResolvers<void>();
  sender.outcomes.push({ delivered: true, rest: rest.promise });
  courier.offer([1, 2, 3, 4, 5, 6].map((number) => event(number)));
  courier.flush();
  await time.advance(0);
  assert.deepEqual([outbox.delivered.records, outbox.pending.records], [5, 1]);
  courier.freeze();
  await time.advance(600_000);
  courier.thaw();
  await time.advance(subscriberAnswerRestTimeoutMs - 1);
  assert.deepEqual([sender.sent.length, sender.drops.length], [1, 0]);
  await time.advance(1);
  assert.equal(sender.drops.length, 1);
  rest.resolve();
  await time.advance(0);
  assert.deepEqual([sender.sent.length, outbox.delivered.records], [2, 6]);
});

test('frozen, no alarm is armed and nothing begins; what fell due goes out at the thaw', async () => {
  const { time, sender, courier } = setUp();
  courier.offer([event(1)]);
  courier.freeze();
  assert.equal(time.armed, 0);
  courier.offer([event(2)]);
  courier.flush();
  await time.advance(10_000);
  assert.deepEqual([sender.sent.length, time.armed], [0, 0]);
  courier.thaw();
  await time.advance(0);
  assert.deepEqual(sender.delivered, [event(1).text, event(2).text]);
});

test('an answer that arrives while frozen counts, and the next batch waits for the thaw', async () => {
  const { time, sender, courier, outbox } = setUp();
  sender.holding = true;
  courier.offer([1, 2, 3, 4, 5, 6].map((number) => event(number)));
  await time.advance(0);
  courier.freeze();
  sender.release();
  await time.advance(1000);
  assert.deepEqual([sender.sent.length, outbox.pending.records, time.armed], [1, 1, 0]);
  courier.thaw();
  await time.advance(0);
  assert.equal(sender.sent.length, 2);
});

test('from a flush on nothing waits: not the batch, not its retry, and nothing that comes later', async () => {
  const { time, sender, courier } = setUp();
  sender.outcomes.push(refusal);
  courier.offer([1, 2, 3, 4, 5, 6].map((number) => event(number)));
  await time.advance(0);
  assert.equal(sender.sent.length, 1);
  courier.flush();
  await time.advance(0);
  assert.equal(sender.delivered.length, 6);
  courier.offer([event(7)]);
  await time.advance(0);
  assert.equal(sender.delivered.length, 7, 'there may be no time left for what comes after the flush');
});

test('closed, all that was held is told as lost, once', async () => {
  const { time, sender, courier, outbox, told } = setUp();
  sender.holding = true;
  courier.offer(Array.from({ length: 20 }, (_, number) => event(number)));
  await time.advance(0);
  const lost = { records: 20, bytes: outbox.pending.bytes + outbox.dropped.bytes };
  courier.close('over');
  courier.close('over');
  assert.deepEqual(told, [lost]);
  assert.deepEqual(outbox.dropped, lost);
  assert.deepEqual(sender.drops, ['over']);
  sender.release();
  courier.offer([event(21)]);
  courier.flush();
  await time.advance(10_000);
  assert.deepEqual([sender.sent.length, time.armed], [1, 0]);
});

test('lines are dropped first: platform events have a reserve', async () => {
  const { time, sender, courier, outbox } = setUp();
  sender.holding = true;
  courier.offer(Array.from({ length: 30 }, (_, number) => event(number)));
  courier.offer([event(30, 'platform')]);
  assert.equal(outbox.dropped.records, 18);
  sender.holding = false;
  await time.advance(0);
  sender.release();
  await time.advance(1000);
  const kept = sender.delivered.map((text) => JSON.parse(text));
  assert.equal(kept.at(-2).record.droppedRecords, 18);
  assert.equal(kept.at(-1).number, 30);
});

type Step =
  | {
      readonly do: 'offer';
      readonly kind: WireEvent['kind'];
      readonly padding: number;
      readonly times: number;
    }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'fail'; readonly times: number; readonly stale: boolean }
  | { readonly do: 'freeze' | 'thaw' | 'flush' | 'hold' | 'release' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('offer' as const),
    kind: fc.constantFrom('function', 'extension', 'platform'),
    padding: fc.constantFrom(0, 10, 300, 900),
    times: fc.integer({ min: 1, max: 20 }),
  }),
  fc.record({
    do: fc.constant('advance' as const),
    ms: fc.constantFrom(0, 1, 25, 49, 50, 400, 2000, 12_000),
  }),
  fc.record({ do: fc.constant('fail' as const), times: fc.integer({ min: 1, max: 4 }), stale: fc.boolean() }),
  fc.record({ do: fc.constantFrom('freeze' as const, 'thaw', 'flush', 'hold', 'release') }),
);

test('every event is delivered once and in order, or counted where it is missing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const world = setUp();
      const { time, sender, outbox, courier, told } = world;
      const offered: WireEvent[] = [];
      let frozen = false;
      for (const action of steps) {
        const before = sender.sent.length;
        const wasFrozen = frozen;
        if (action.do === 'offer') {
          for (let i = 0; i < action.times; i += 1) {
            const next = event(offered.length, action.kind, action.padding);
            offered.push(next);
            courier.offer([next]);
          }
        } else if (action.do === 'advance') {
          await time.advance(action.ms);
        } else if (action.do === 'fail') {
          const failure = { ...refusal, stale: action.stale };
          sender.outcomes.push(...Array.from({ length: action.times }, () => failure));
        } else if (action.do === 'hold') {
          sender.holding = true;
        } else if (action.do === 'release') {
          sender.release();
          await time.advance(0);
        } else {
          frozen = action.do === 'freeze' || (frozen && action.do !== 'thaw');
          courier[action.do]();
        }
        if (wasFrozen && frozen) assert.equal(sender.sent.length, before, 'nothing is sent while frozen');
        assert.ok(time.armed <= (frozen ? 0 : 1), `${time.armed} alarms`);
        const ceiling = small.maxRecords + small.platformReserveRecords;
        assert.ok(outbox.pending.records <= 2 * ceiling + 1, `${outbox.pending.records} pending`);
        // All that was offered, and every notice that took the place of others, is in exactly one place.
        const places = [outbox.pending, outbox.delivered, outbox.dropped];
        const records = places.reduce((sum, place) => sum + place.records, 0);
        assert.equal(records, offered.length + told.length);
      }
      sender.holding = false;
      courier.thaw();
      sender.release();
      await time.advance(60_000);
      assert.deepEqual([outbox.pending.records, outbox.pending.bytes, time.armed], [0, 0, 0]);
      checkStream(sender.delivered, offered);
    }),
    { numRuns: 300 },
  );
});

/** Walks what arrived: between two neighbours there is nothing missing but what the notice between them counts. */
function checkStream(delivered: readonly string[], offered: readonly WireEvent[]): void {
  let next = 0;
  for (const text of delivered) {
    const { number, record } = JSON.parse(text);
    if (record === undefined) {
      assert.equal(number, next, 'in order, with no loss untold');
      assert.equal(text, offered[next]!.text);
      next += 1;
    } else {
      const lost = offered.slice(next, next + record.droppedRecords);
      assert.equal(lost.length, record.droppedRecords);
      assert.equal(
        lost.reduce((sum, { bytes }) => sum + bytes, 0),
        record.droppedBytes,
      );
      next += record.droppedRecords;
    }
  }
  assert.equal(next, offered.length);
}
