import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { textLogging } from '../domain/logging.ts';
import { systemClock } from '../foundation/clock.ts';
import { Invoker, type InvokerParts } from './invoker.ts';
import { identity, sampleCatalog } from './testing/sample-catalog.ts';
import { type Script, ScriptedScheduler } from './testing/scripted-scheduler.ts';

type Accepted = Parameters<InvokerParts['queue']['accept']>[0];

function invokerOf(script: Script) {
  const { catalog } = sampleCatalog('greeter');
  const scheduler = new ScriptedScheduler(script);
  const accepted: Accepted[] = [];
  const invoker = new Invoker({
    catalog,
    identity,
    scheduler,
    queue: { accept: (event) => void accepted.push(event) },
    random: Math.random,
    clock: systemClock,
  });
  return { invoker, scheduler, accepted, catalog };
}

const request = { requestId: 'one', target: { functionName: 'greeter' } };
const failure = { outcome: 'function-error', payload: Buffer.from('{"errorType":"Oops"}') } as const;

test('the function gets the event and what belongs to it, and its answer comes back', async () => {
  const { invoker, scheduler } = invokerOf(() => ({ payload: Buffer.from('"hi"') }));
  const traceHeader = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
  const { result, executedVersion, logTail } = await invoker.invoke({
    ...request,
    payload: Buffer.from('{"a":1}'),
    clientContext: Buffer.from('{"custom": {}}').toString('base64'),
    traceHeader,
  });
  assert.deepEqual([String(result.payload), executedVersion, logTail], ['"hi"', '$LATEST', undefined]);
  assert.deepEqual(
    { ...scheduler.invocations[0], payload: String(scheduler.invocations[0]?.payload) },
    {
      requestId: 'one',
      payload: '{"a":1}',
      contentType: 'application/json',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:greeter',
      traceId: traceHeader,
      clientContext: '{"custom":{}}',
    },
  );
});

test('the tail of the log comes with the answer, also of a function that failed', async () => {
  const { invoker } = invokerOf(({ requestId }) => {
    read({ timeMs: 0, type: 'platform.start', record: { requestId, version: '$LATEST' } });
    return failure;
  });
  const read = invoker.logTails.reader(textLogging);
  const { logTail } = await invoker.invoke({ ...request, wantsLogTail: true });
  assert.equal(String(logTail), 'START RequestId: one Version: $LATEST\n');
});

test('a check runs nothing, and refuses what an invocation would be refused for', () => {
  const { invoker, scheduler } = invokerOf(() => ({}));
  assert.equal(invoker.check(request), '$LATEST');
  assert.throws(() => invoker.check({ ...request, payload: Buffer.from('x') }), {
    type: 'InvalidRequestContentException',
  });
  assert.throws(() => invoker.check({ ...request, target: { functionName: 'none' } }), {
    type: 'ResourceNotFoundException',
  });
  assert.equal(scheduler.invocations.length, 0);
});

test('an event is accepted by the queue and not run here; what could never run is refused', () => {
  const { invoker, scheduler, accepted } = invokerOf(() => ({}));
  invoker.accept({ ...request, payload: Buffer.from('[]') });
  assert.deepEqual(
    accepted.map(({ requestId, functionName, payload }) => [requestId, functionName, String(payload)]),
    [['one', 'greeter', '[]']],
  );
  const tooMuch = Buffer.from(`"${'x'.repeat(1024 * 1024)}"`);
  assert.throws(() => invoker.accept({ ...request, payload: tooMuch }), { type: 'RequestTooLargeException' });
  assert.throws(() => invoker.accept({ ...request, target: { functionName: 'none' } }), {
    type: 'ResourceNotFoundException',
  });
  assert.equal(accepted.length + scheduler.invocations.length, 1);
});

test('a stream is given on before the function is done', async () => {
  const finish = Promise.withResolvers<Awaited<ReturnType<Script>>>();
  const { invoker } = invokerOf(({ onStream }) => {
    onStream?.({ contentType: 'text/plain', body: Readable.from([Buffer.from('ab'), Buffer.from('cd')]) });
    return finish.promise;
  });
  const { body, end, contentType, isStreamed } = await invoker.stream(request);
  assert.deepEqual([contentType, isStreamed, String(await buffer(body))], ['text/plain', true, 'abcd']);
  finish.resolve({ streamed: true, payload: Buffer.alloc(0) });
  assert.equal((await end).result.outcome, 'ok');
});

test('a whole answer is a stream of one chunk, and an error before it one of none', async () => {
  const whole = await invokerOf(() => ({ payload: Buffer.from('"hi"') })).invoker.stream(request);
  assert.deepEqual([whole.isStreamed, await whole.body.toArray()], [false, [Buffer.from('"hi"')]]);
  const failed = await invokerOf(() => failure).invoker.stream(request);
  assert.deepEqual(await failed.body.toArray(), []);
  assert.equal((await failed.end).result.outcome, 'function-error');
});

test('a caller that is gone is not waited for', async () => {
  const { invoker, scheduler } = invokerOf(() => ({}));
  const signal = AbortSignal.abort(new Error('gone'));
  await assert.rejects(invoker.invoke({ ...request, signal }), { message: 'gone' });
  await assert.rejects(invoker.stream({ ...request, signal }), { message: 'gone' });
  assert.equal(scheduler.invocations.length, 0);
});
