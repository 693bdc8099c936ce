import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../foundation/clock.ts';
import type { AttemptOutcome, QueuedEvent } from './queued-event.ts';
import { openQueue, quickTerms } from './testing/opened-queue.ts';

const timeout = 60_000;
const succeeded: AttemptOutcome = { type: 'succeeded' };
const failed: AttemptOutcome = { type: 'failed', message: 'it threw' };
const hindered: AttemptOutcome = { type: 'hindered', message: 'Rate Exceeded.' };

test('an event runs once, with all that was accepted', { timeout }, async (t) => {
  const runs: [QueuedEvent, string][] = [];
  const { accept, drained, queue } = await openQueue(t, {
    run: async (event, payload) => {
      runs.push([event, String(payload)]);
      return succeeded;
    },
  });
  accept('one', 'greeter', Buffer.from('{"a":1}'));
  await drained();
  assert.deepEqual(
    runs.map(([{ requestId, functionName, traceId, failures }, payload]) => [
      requestId,
      functionName,
      traceId,
      failures,
      payload,
    ]),
    [['one', 'greeter', 'trace of one', 0, '{"a":1}']],
  );
  const { accepted, events, bytes, running } = queue.figures();
  assert.deepEqual([accepted, queue.figures().succeeded, events, bytes, running], [1, 1, 0, 0, 0]);
});

test('a function that fails is tried three times, at its delays, with one request id', {
  timeout,
}, async (t) => {
  const runs: { event: QueuedEvent; atMs: number }[] = [];
  const { accept, drained, discarded, queue } = await openQueue(t, {
    run: async (event) => {
      runs.push({ event, atMs: systemClock() });
      return failed;
    },
  });
  accept('one');
  await drained();
  assert.deepEqual(
    runs.map(({ event }) => [event.requestId, event.failures]),
    [
      ['one', 0],
      ['one', 1],
      ['one', 2],
    ],
  );
  for (const [index, delayMs] of quickTerms.retryDelaysMs.entries())
    assert.ok(runs[index + 1]!.atMs - runs[index]!.atMs >= delayMs - 1, `retry ${index + 1} came too early`);
  assert.deepEqual(
    discarded.map(({ event, condition, message }) => [event.requestId, event.failures, condition, message]),
    [['one', 3, 'RetriesExhausted', 'it threw']],
  );
  assert.equal(queue.figures().discarded.RetriesExhausted, 1);
});

test("the function's configuration says how often, and how old", { timeout }, async (t) => {
  let runs = 0;
  const fails = await openQueue(t, {
    policy: () => ({ maximumRetryAttempts: 0 }),
    run: async () => {
      runs += 1;
      return failed;
    },
  });
  fails.accept('one');
  await fails.drained();
  assert.deepEqual([runs, fails.discarded[0]?.condition], [1, 'RetriesExhausted']);

  const late = await openQueue(t, { policy: () => ({ maximumEventAgeMs: 30 }), run: async () => hindered });
  late.accept('two');
  await late.drained();
  assert.deepEqual(
    late.discarded.map(({ condition, event }) => [condition, event.failures]),
    [['EventAgeExceeded', 0]],
  );
});

test('what hinders a function costs its events no attempt', { timeout }, async (t) => {
  let runs = 0;
  const { accept, drained, discarded, queue } = await openQueue(t, {
    run: async (event) => {
      assert.equal(event.failures, 0);
      runs += 1;
      return runs <= 6 ? hindered : succeeded;
    },
  });
  accept('one');
  await drained();
  assert.deepEqual([runs, discarded.length, queue.figures().hindrances], [7, 0, 6]);
});

test('a fault of the service is reported, and the event tried again', { timeout }, async (t) => {
  let runs = 0;
  const { accept, drained, errors } = await openQueue(t, {
    run: async () => {
      runs += 1;
      if (runs === 1) throw new Error('broken');
      return succeeded;
    },
  });
  accept('one');
  await drained();
  assert.deepEqual([runs, errors.map((error) => (error as Error).message)], [2, ['broken']]);
});

test('what cannot be run is given up at once', { timeout }, async (t) => {
  const { accept, drained, discarded } = await openQueue(t, {
    run: async () => ({ type: 'pointless', condition: 'ZeroReservedConcurrency', message: 'it is 0' }),
  });
  accept('one');
  await drained();
  assert.equal(discarded[0]?.condition, 'ZeroReservedConcurrency');
});

test('one that ends before an event is done runs it again at the next start', { timeout }, async (t) => {
  const started = Promise.withResolvers<void>();
  const interrupted = Promise.withResolvers<AttemptOutcome>();
  const first = await openQueue(t, {
    run: ({ requestId }) => {
      if (requestId === 'failed') return Promise.resolve(failed);
      started.resolve();
      return interrupted.promise;
    },
    terms: { ...quickTerms, retryDelaysMs: [60_000, 60_000] },
  });
  first.accept('failed', 'other');
  first.accept('one', 'greeter', Buffer.from('"kept"'));
  await started.promise;
  // The scheduler ends what runs: that is no failure of the function.
  const reopening = first.reopened({
    run: async (event, payload) => {
      runs.push([event.requestId, event.failures, String(payload)]);
      return succeeded;
    },
  });
  const runs: unknown[] = [];
  interrupted.resolve(hindered);
  const second = await reopening;
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(runs, [['one', 0, '"kept"']]);
  // Its retry is due later, and was kept with its count.
  assert.equal(second.queue.figures().events, 1);
});

test('nothing is begun after the end, and nothing is lost by it', { timeout }, async (t) => {
  const first = await openQueue(t, { run: async () => succeeded });
  await first.queue.close();
  first.accept('one');
  assert.equal(first.queue.figures().running, 0);
  const second = await first.reopened({ run: async () => succeeded });
  await second.drained();
  assert.equal(second.queue.figures().succeeded, 1);
});

test('a function that floods the queue is refused, and leaves room to others', { timeout }, async (t) => {
  const end = Promise.withResolvers<AttemptOutcome>();
  const backlog = { events: 6, bytes: 100, eventsPerFunction: 4, bytesPerFunction: 60 };
  const { accept, queue, drained } = await openQueue(t, {
    run: () => end.promise,
    terms: { ...quickTerms, backlog },
  });
  const refused = { type: 'TooManyRequestsException', reason: 'FunctionInvocationRateLimitExceeded' };
  for (const requestId of ['1', '2', '3', '4']) accept(requestId);
  assert.throws(() => accept('5'), refused);
  accept('6', 'other', Buffer.alloc(60, ' '));
  assert.throws(() => accept('7', 'other', Buffer.from('x')), refused);
  assert.throws(() => accept('8', 'third', Buffer.alloc(33, ' ')), refused);
  accept('9', 'third', Buffer.alloc(32, ' '));
  assert.throws(() => accept('10', 'fourth', Buffer.alloc(0)), refused);
  assert.deepEqual([queue.figures().events, queue.figures().bytes], [6, 100]);
  end.resolve(succeeded);
  await drained();
  accept('11');
  await drained();
  assert.equal(queue.figures().succeeded, 7);
});
