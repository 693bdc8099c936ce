import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Backlog } from './backlog.ts';
import type { QueuedEvent } from './queued-event.ts';

const terms = { maxRunning: 4, pauseMs: { first: 10, longest: 40 } };

function eventOf(functionName: string, sequence: number, dueMs = 0): QueuedEvent {
  const named = { requestId: `${functionName}-${sequence}`, functionName, sequence };
  return { ...named, traceId: '', size: 1, acceptedMs: 0, dueMs, failures: 0 };
}

function backlogOf(events: QueuedEvent[], concurrencyOf = (_name: string) => Number.POSITIVE_INFINITY) {
  const backlog = new Backlog(terms, concurrencyOf);
  for (const event of events) backlog.add(event);
  return backlog;
}

function takeAll(backlog: Backlog, nowMs = 0): QueuedEvent[] {
  const taken: QueuedEvent[] = [];
  for (let event = backlog.take(nowMs); event; event = backlog.take(nowMs)) taken.push(event);
  return taken;
}

const names = (events: QueuedEvent[]) => events.map(({ requestId }) => requestId);

test('events of a function run in their order, functions in turns, up to the limit', () => {
  const backlog = backlogOf([
    eventOf('a', 1),
    eventOf('a', 2),
    eventOf('a', 3),
    eventOf('b', 4),
    eventOf('b', 5),
  ]);
  assert.deepEqual(names(takeAll(backlog)), ['a-1', 'b-4', 'a-2', 'b-5']);
});

test('a function of which nothing runs gets in although others have taken every place', () => {
  const busy = [1, 2, 3, 4, 5].map((sequence) => eventOf('busy', sequence));
  const backlog = backlogOf(busy);
  assert.equal(takeAll(backlog).length, terms.maxRunning);
  for (const [index, name] of ['b', 'c', 'd', 'e', 'f'].entries()) {
    backlog.add(eventOf(name, 10 + index));
    backlog.add(eventOf(name, 20 + index));
  }
  assert.deepEqual(names(takeAll(backlog)), ['b-10', 'c-11', 'd-12', 'e-13']);
  assert.equal(backlog.nextMs(), undefined);
});

test('no more of a function run than it may have', () => {
  const backlog = backlogOf([eventOf('a', 1), eventOf('a', 2), eventOf('b', 3)], (name) =>
    name === 'a' ? 1 : 9,
  );
  const [first] = takeAll(backlog);
  assert.deepEqual(backlog.size, { events: 3, bytes: 3, running: 2 });
  backlog.finish(first!);
  assert.deepEqual(names(takeAll(backlog)), ['a-2']);
});

test('what is due later waits for its time, and runs before what is due later still', () => {
  const backlog = backlogOf([eventOf('a', 1, 50), eventOf('a', 2, 20)]);
  assert.equal(backlog.nextMs(), 20);
  assert.deepEqual(names(takeAll(backlog, 19)), []);
  assert.deepEqual(names(takeAll(backlog, 20)), ['a-2']);
  assert.equal(backlog.nextMs(), 50);
});

test('a hindered function pauses, longer each time, one event finds out, and nobody else waits', () => {
  const backlog = backlogOf([eventOf('a', 1), eventOf('a', 2), eventOf('b', 3)]);
  for (const event of takeAll(backlog)) if (event.functionName === 'a') backlog.hinder(event, 0);
  assert.equal(backlog.nextMs(), 20);
  let nowMs = 20;
  for (const pauseMs of [40, 40]) {
    const probes = takeAll(backlog, nowMs);
    assert.deepEqual(names(probes), ['a-1']);
    backlog.hinder(probes[0]!, nowMs);
    nowMs += pauseMs;
    assert.equal(backlog.nextMs(), nowMs);
  }
  const [probe] = takeAll(backlog, nowMs);
  backlog.finish(probe!);
  assert.deepEqual(names(takeAll(backlog, nowMs)), ['a-2']);
});

/** Any history: limits are kept, nothing is lost, and in the end everything has run. */
test('random histories', () => {
  const step = fc.record({
    deed: fc.constantFrom('add', 'add', 'take', 'finish', 'retry', 'hinder'),
    lane: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'),
    number: fc.nat(30),
  });
  const concurrency = (name: string) => (name === 'a' ? 1 : name === 'b' ? 2 : Number.POSITIVE_INFINITY);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const backlog = backlogOf([], concurrency);
      const running: QueuedEvent[] = [];
      let [nowMs, sequence, alive] = [0, 0, 0];
      const check = () => {
        assert.deepEqual(backlog.size, { events: alive, bytes: alive, running: running.length });
        assert.ok(running.length <= 2 * terms.maxRunning);
        for (const name of ['a', 'b'])
          assert.ok(running.filter(({ functionName }) => functionName === name).length <= concurrency(name));
      };
      for (const { deed, lane, number } of steps) {
        nowMs += number;
        if (deed === 'add') {
          sequence += 1;
          alive += 1;
          backlog.add(eventOf(lane, sequence, nowMs + number));
        } else if (deed === 'take') {
          const event = backlog.take(nowMs);
          if (event) assert.ok(event.dueMs <= nowMs);
          if (event) running.push(event);
        } else {
          const [event] = running.splice(number % Math.max(1, running.length), 1);
          if (event === undefined) continue;
          if (deed === 'finish') alive -= 1;
          if (deed === 'retry') backlog.retry({ ...event, dueMs: nowMs + number });
          else backlog[deed](event, nowMs);
        }
        check();
      }
      for (let turn = 0; alive > 0; turn += 1) {
        assert.ok(turn < 1000, 'events are left that nothing would ever run');
        nowMs = Math.max(nowMs, backlog.nextMs() ?? nowMs);
        running.push(...takeAll(backlog, nowMs));
        alive -= running.length;
        for (const event of running.splice(0)) backlog.finish(event);
      }
      assert.deepEqual(backlog.size, { events: 0, bytes: 0, running: 0 });
      assert.equal(backlog.nextMs(), undefined);
    }),
  );
});
