import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import {
  InvokeAsyncCommand,
  InvokeCommand,
  type InvokeCommandInput,
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamResponseEvent,
} from '@aws-sdk/client-lambda';
import { textLogging } from '../../domain/logging.ts';
import { invokingServer } from '../testing/invoking-server.ts';

const timeout = 60_000;
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();
const failure = {
  outcome: 'function-error',
  payload: Buffer.from('{ "errorType": "Oops" }'),
} as const;

async function invoked(
  t: TestContext,
  script: Parameters<typeof invokingServer>[1],
  input: Partial<InvokeCommandInput> = {},
) {
  const server = await invokingServer(t, script);
  const command = new InvokeCommand({ FunctionName: 'greeter', ...input });
  return { ...server, output: server.client.send(command) };
}

test('the answer is the function’s, byte for byte', { timeout }, async (t) => {
  const payload = Buffer.from('{ "a" :1.0}');
  const { output, scheduler } = await invoked(t, () => ({ payload }), { Payload: Buffer.from('{"b":2}') });
  const { StatusCode, Payload, ExecutedVersion, FunctionError, LogResult, $metadata } = await output;
  assert.deepEqual(
    [StatusCode, text(Payload), ExecutedVersion, FunctionError, LogResult],
    [200, String(payload), '$LATEST', undefined, undefined],
  );
  assert.equal(String(scheduler.invocations[0]?.payload), '{"b":2}');
  assert.equal(scheduler.invocations[0]?.requestId, $metadata.requestId);
});

test('an error of the function is an answer that says so', { timeout }, async (t) => {
  const { output } = await invoked(t, () => failure);
  const { StatusCode, Payload, FunctionError } = await output;
  assert.deepEqual([StatusCode, text(Payload), FunctionError], [200, String(failure.payload), 'Unhandled']);
});

test('the tail of the log comes in base64', { timeout }, async (t) => {
  const { client, invoker } = await invokingServer(t, ({ requestId }) => {
    read({ timeMs: 0, type: 'platform.start', record: { requestId, version: '$LATEST' } });
    return {};
  });
  const read = invoker.logTails.reader(textLogging);
  const { LogResult, $metadata } = await client.send(
    new InvokeCommand({ FunctionName: 'greeter', LogType: 'Tail' }),
  );
  assert.equal(
    Buffer.from(LogResult ?? '', 'base64').toString(),
    `START RequestId: ${$metadata.requestId} Version: $LATEST\n`,
  );
});

test('a dry run and an event are answered without the function', { timeout }, async (t) => {
  const { client, scheduler, accepted } = await invokingServer(t, () => ({}));
  const send = (InvocationType: 'DryRun' | 'Event', Payload = '{}') =>
    client.send(new InvokeCommand({ FunctionName: 'greeter', InvocationType, Payload }));
  assert.equal((await send('DryRun')).StatusCode, 204);
  const event = await send('Event', '{"n":1}');
  assert.deepEqual([event.StatusCode, text(event.Payload)], [202, '']);
  const old = await client.send(new InvokeAsyncCommand({ FunctionName: 'greeter', InvokeArgs: '{"n":2}' }));
  assert.equal(old.Status, 202);
  assert.deepEqual(
    accepted.map(({ functionName, payload }) => [functionName, String(payload)]),
    [
      ['greeter', '{"n":1}'],
      ['greeter', '{"n":2}'],
    ],
  );
  assert.equal(accepted[0]?.requestId, event.$metadata.requestId);
  assert.equal(scheduler.invocations.length, 0);
});

for (const [name, input, refusal] of [
  [
    'what is not there',
    { FunctionName: 'other' },
    {
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:other:$LATEST',
    },
  ],
  [
    'an alias that is not there',
    { Qualifier: 'live' },
    {
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:greeter:live',
    },
  ],
  ['what is not JSON', { Payload: 'hello' }, { name: 'InvalidRequestContentException' }],
  [
    'an event that is too large',
    { InvocationType: 'Event', Payload: `"${'x'.repeat(1024 * 1024)}"` },
    { name: 'RequestTooLargeException' },
  ],
  [
    'a context that is none',
    { ClientContext: 'x' },
    {
      name: 'InvalidRequestContentException',
      message: 'Client context must be a valid Base64-encoded JSON object.',
    },
  ],
  ['a tenant', { TenantId: 'one' }, { name: 'InvalidParameterValueException' }],
] as const)
  test(`refused: ${name}`, { timeout }, async (t) => {
    const { output, errors } = await invoked(t, () => ({}), input);
    await assert.rejects(output, refusal);
    assert.deepEqual(errors, []);
  });

async function eventsOf(stream: AsyncIterable<InvokeWithResponseStreamResponseEvent> | undefined) {
  const events: unknown[] = [];
  for await (const { PayloadChunk, InvokeComplete } of stream ?? [])
    events.push(PayloadChunk === undefined ? InvokeComplete : text(PayloadChunk.Payload));
  return events;
}

test('a stream comes in chunks while the function is at work', { timeout }, async (t) => {
  const body = new PassThrough();
  const done = Promise.withResolvers<{ streamed: true; payload: Buffer }>();
  const { client } = await invokingServer(t, ({ onStream }) => {
    onStream?.({ contentType: 'text/plain', body });
    return done.promise;
  });
  // The client looks at the first event before it gives the stream away.
  body.write('one');
  const { EventStream, ExecutedVersion, StatusCode } = await client.send(
    new InvokeWithResponseStreamCommand({ FunctionName: 'greeter' }),
  );
  assert.deepEqual([StatusCode, ExecutedVersion], [200, '$LATEST']);
  const events = EventStream![Symbol.asyncIterator]();
  for (const word of ['one', 'two']) {
    if (word !== 'one') body.write(word);
    const { value } = await events.next();
    assert.equal(text(value?.PayloadChunk?.Payload), word);
  }
  body.end();
  done.resolve({ streamed: true, payload: Buffer.alloc(0) });
  assert.deepEqual((await events.next()).value?.InvokeComplete, {});
  assert.equal((await events.next()).done, true);
});

test('a whole answer is one chunk, an error is told at the end', { timeout }, async (t) => {
  for (const [result, expected] of [
    [{ payload: Buffer.from('"hi"') }, ['"hi"', {}]],
    [failure, [{ ErrorCode: 'Unhandled', ErrorDetails: '{ "errorType": "Oops" }' }]],
  ] as const) {
    const { client } = await invokingServer(t, () => result);
    const command = new InvokeWithResponseStreamCommand({ FunctionName: 'greeter' });
    assert.deepEqual(await eventsOf((await client.send(command)).EventStream), expected);
  }
});

test('a caller that goes away amid a stream: nobody reads on, and nothing is a fault', {
  timeout,
}, async (t) => {
  const body = new PassThrough();
  const done = Promise.withResolvers<{ streamed: true; payload: Buffer }>();
  const { client, errors } = await invokingServer(t, ({ onStream }) => {
    onStream?.({ contentType: 'text/plain', body });
    return done.promise;
  });
  body.write('one');
  const gone = new AbortController();
  const { EventStream } = await client.send(
    new InvokeWithResponseStreamCommand({ FunctionName: 'greeter' }),
    {
      abortSignal: gone.signal,
    },
  );
  await EventStream![Symbol.asyncIterator]().next();
  const closed = once(body, 'close');
  client.destroy();
  gone.abort();
  await closed;
  done.resolve({ streamed: true, payload: Buffer.alloc(0) });
  assert.deepEqual(errors, []);
});

test('a caller that goes away while it waits is taken out', { timeout }, async (t) => {
  const { client, scheduler, errors } = await invokingServer(t, () => ({}));
  const waiting = Promise.withResolvers<AbortSignal | undefined>();
  scheduler.invoke = (_version, _invocation, { signal } = {}) => {
    waiting.resolve(signal);
    return new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  };
  const gone = new AbortController();
  const output = client.send(new InvokeCommand({ FunctionName: 'greeter' }), { abortSignal: gone.signal });
  const signal = await waiting.promise;
  const left = once(signal!, 'abort');
  gone.abort();
  await assert.rejects(output, { name: 'AbortError' });
  await left;
  await new Promise(setImmediate);
  assert.deepEqual(errors, []);
});
