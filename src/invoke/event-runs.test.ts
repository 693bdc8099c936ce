import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { Invocation } from '../domain/invocation.ts';
import { ServiceError } from '../domain/service-error.ts';
import { eventRuns } from './event-runs.ts';
import type { QueuedEvent } from './queue/queued-event.ts';
import { identity, sampleCatalog } from './testing/sample-catalog.ts';
import { type Script, ScriptedScheduler } from './testing/scripted-scheduler.ts';

const event: QueuedEvent = {
  sequence: 1,
  requestId: 'one',
  functionName: 'greeter',
  traceId: 'the trace',
  size: 2,
  acceptedMs: 0,
  dueMs: 0,
  failures: 0,
};

function runsOf(script: Script = () => ({})) {
  const { catalog } = sampleCatalog('greeter');
  const scheduler = new ScriptedScheduler(script);
  return { catalog, scheduler, ...eventRuns({ catalog, identity, scheduler, random: Math.random }) };
}

const attempt = (script?: Script, change: Partial<QueuedEvent> = {}) =>
  runsOf(script).run({ ...event, ...change }, Buffer.from('{}'));

test('the function is invoked as it was asked for', async () => {
  const { run, scheduler } = runsOf();
  assert.deepEqual(await run({ ...event, qualifier: '$LATEST' }, Buffer.from('{"a":1}')), {
    type: 'succeeded',
  });
  const [{ requestId, traceId, invokedFunctionArn, payload }] = scheduler.invocations as [Invocation];
  assert.deepEqual(
    [requestId, traceId, invokedFunctionArn, String(payload)],
    ['one', 'the trace', 'arn:aws:lambda:us-east-1:123456789012:function:greeter:$LATEST', '{"a":1}'],
  );
});

test('the outcome says whether it counts', async () => {
  const fault = (type: 'Sandbox.Timedout' | 'Sandbox.Failure') => () => ({
    outcome: 'function-error' as const,
    fault: { type, message: 'its words' },
  });
  assert.deepEqual(await attempt(fault('Sandbox.Timedout')), { type: 'failed', message: 'its words' });
  assert.deepEqual(await attempt(fault('Sandbox.Failure')), { type: 'hindered', message: 'its words' });
  const thrown = await attempt(() => ({
    outcome: 'function-error',
    payload: Buffer.from('{"errorType":"E"}'),
  }));
  assert.deepEqual(thrown, { type: 'failed', message: '{"errorType":"E"}' });
});

test('throttled, it is tried again; without a function there is no point', async () => {
  const { run, scheduler, catalog } = runsOf();
  scheduler.invoke = async () => {
    throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 'ConcurrentInvocationLimitExceeded');
  };
  assert.deepEqual(await run(event, Buffer.from('{}')), { type: 'hindered', message: 'Rate Exceeded.' });
  scheduler.invoke = async () => {
    throw new Error('a fault of ours');
  };
  await assert.rejects(run(event, Buffer.from('{}')), { message: 'a fault of ours' });
  catalog.functions.delete('greeter');
  const gone = await run(event, Buffer.from('{}'));
  assert.equal(gone.type === 'pointless' && gone.condition, 'FunctionNotFound');
});

test('with a reserved concurrency of 0 nothing is run', async () => {
  const { run, scheduler, catalog, concurrencyOf } = runsOf();
  catalog.reservedConcurrency.put('greeter', 0);
  const outcome = await run(event, Buffer.from('{}'));
  assert.equal(outcome.type === 'pointless' && outcome.condition, 'ZeroReservedConcurrency');
  assert.equal(scheduler.invocations.length, 0);
  assert.equal(concurrencyOf('greeter'), 0);
  catalog.reservedConcurrency.put('greeter', 3);
  assert.equal(concurrencyOf('greeter'), 3);
  assert.equal(concurrencyOf('other'), Number.POSITIVE_INFINITY);
});

test('what its configuration says of retries and age is read at each attempt', () => {
  const { policy, catalog } = runsOf();
  assert.deepEqual(policy(event), { maximumRetryAttempts: undefined, maximumEventAgeMs: undefined });
  const document = { destinations: {}, lastModifiedEpochMs: 0 };
  catalog.eventInvokeConfigs.put('greeter', { ...document, maximumRetryAttempts: 0, maximumEventAgeS: 60 });
  assert.deepEqual(policy(event), { maximumRetryAttempts: 0, maximumEventAgeMs: 60_000 });
  assert.equal(policy({ ...event, qualifier: 'live' }).maximumRetryAttempts, undefined);
  catalog.eventInvokeConfigs.put('greeter', { ...document, maximumRetryAttempts: 1 }, 'live');
  assert.equal(policy({ ...event, qualifier: 'live' }).maximumRetryAttempts, 1);
});

test('a streamed answer is dropped, not kept', async () => {
  const body = Readable.from([Buffer.from('bytes')]);
  await attempt(({ onStream }) => {
    onStream?.({ contentType: 'text/plain', body });
    return { streamed: true };
  });
  assert.ok(body.destroyed);
});
