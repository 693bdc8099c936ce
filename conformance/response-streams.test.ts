import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import type { Invocation, InvocationResult, ResponseStream } from '../src/domain/invocation.ts';
import { MiB, maxStreamedResponseBytes } from '../src/domain/limits.ts';
import type { Environment } from '../src/environment/environment.ts';
import { type EnvironmentOptions, openSharedThaw } from './support/shared-thaw.ts';

interface Streaming {
  readonly stream: ResponseStream;
  readonly answer: Promise<InvocationResult>;
  readonly settled: Promise<unknown>;
}

/** An invocation whose streamed response has begun. */
async function streaming(environment: Environment, event: unknown): Promise<Streaming> {
  const begun = Promise.withResolvers<ResponseStream>();
  const { answer, settled } = environment.invoke(invocation(event, begun.resolve));
  return { stream: await begun.promise, answer, settled };
}

function invocation(event: unknown, onStream: (stream: ResponseStream) => void): Invocation {
  return {
    requestId: randomUUID(),
    payload: Buffer.from(JSON.stringify(event)),
    contentType: 'application/json',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:streams',
    traceId: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0',
    onStream,
  };
}

async function opened(t: TestContext, fixture = 'streams', options: EnvironmentOptions = {}) {
  const { environmentOf } = await openSharedThaw(t);
  const live = await environmentOf(fixture, options);
  t.after(() => live.environment.kill());
  assert.equal(await live.environment.open(), undefined);
  return live;
}

const line = 64 * 1024;

describe('a streamed response is passed on as it arrives', () => {
  test('more than any buffered answer may have, complete, and the environment goes on', async (t) => {
    const { environment, story, invoke } = await opened(t);
    for (const chunks of [160, 3]) {
      const { stream, answer, settled } = await streaming(environment, { chunks, bytes: line });
      assert.equal(stream.contentType, 'text/plain');
      const bytes = await buffer(stream.body);
      assert.equal(bytes.length, chunks * line);
      assert.ok(bytes.equals(Buffer.from(`${'x'.repeat(line - 1)}\n`.repeat(chunks))));
      const { outcome, payload, streamed } = await answer;
      assert.deepEqual([outcome, payload.length, streamed], ['ok', 0, true]);
      assert.equal(await settled, undefined);
      const done = story.findLast((event) => event.type === 'platform.runtimeDone');
      assert.equal(done?.record.metrics.producedBytes, chunks * line);
    }
    // Without somebody to take the stream it is collected, within the limit of such answers.
    const whole = await invoke({ chunks: 2, bytes: 5 });
    assert.deepEqual([String(whole.payload), whole.streamed], ['xxxx\nxxxx\n', true]);
    const tooMuch = await invoke({ chunks: 97, bytes: line });
    assert.equal(tooMuch.fault?.type, 'Function.ResponseSizeTooLarge');
  });

  test('the function waits for a slow reader, whose memory is not the host’s', async (t) => {
    const { environment } = await opened(t);
    const { stream, answer } = await streaming(environment, { chunks: 1600, bytes: line });
    let isAnswered = false;
    answer.then(() => {
      isAnswered = true;
    });
    let read = 0;
    for await (const chunk of stream.body) {
      read += chunk.length;
      assert.ok(stream.body.readableLength <= MiB, `${stream.body.readableLength} bytes are held`);
      if (read < 90 * MiB) assert.equal(isAnswered, false, `answered with ${read} bytes read`);
    }
    assert.equal(read, 1600 * line);
    assert.equal((await answer).outcome, 'ok');
  });

  test('a reader that stops makes the function time out; the stream ends where it is', async (t) => {
    const { environment, invoke } = await opened(t, 'streams', { timeoutMs: 6000 });
    const { stream, answer, settled } = await streaming(environment, { chunks: 1600, bytes: line });
    const { fault, outcome } = await answer;
    assert.deepEqual([outcome, fault?.type], ['function-error', 'Sandbox.Timedout']);
    assert.ok((await buffer(stream.body)).length < 1600 * line);
    await settled;
    assert.equal((await invoke({ chunks: 1 })).outcome, 'ok');
  });

  test('a reader that goes away changes nothing for the function', async (t) => {
    const { environment } = await opened(t);
    const { stream, answer, settled } = await streaming(environment, { chunks: 320, bytes: line });
    stream.body.destroy();
    assert.equal((await answer).outcome, 'ok');
    assert.equal(await settled, undefined);
  });

  test('a function that fails midway, and one that fails before', async (t) => {
    const { environment } = await opened(t);
    const { stream, answer, settled } = await streaming(environment, { chunks: 3, bytes: 10, failAfter: 2 });
    assert.match(String(await buffer(stream.body)), /^(x{9}\n){1,2}$/);
    const { outcome, payload, fault, streamed } = await answer;
    assert.deepEqual([outcome, fault, streamed], ['function-error', undefined, true]);
    assert.equal(JSON.parse(String(payload)).errorMessage, 'failed after 2 chunks');
    await settled;
    let began = false;
    const early = environment.invoke(
      invocation({ failAfter: 0 }, () => {
        began = true;
      }),
    );
    assert.equal((await early.answer).outcome, 'function-error');
    assert.equal(began, false);
    await early.settled;
  });

  test('a process that dies midway', async (t) => {
    const { environment } = await opened(t);
    const { stream, answer } = await streaming(environment, { chunks: 1600, bytes: line });
    await once(stream.body, 'readable');
    await environment.kill();
    assert.equal((await answer).fault?.type, 'Sandbox.Failure');
    assert.ok((await buffer(stream.body)).length < 1600 * line);
  });

  test('what is not streamed comes whole', async (t) => {
    const { environment } = await opened(t, 'echo');
    const { answer, settled } = environment.invoke(invocation({ a: 1 }, () => assert.fail('no stream')));
    const { payload, streamed } = await answer;
    assert.deepEqual([String(payload), streamed], ['{"a":1}', false]);
    await settled;
  });

  test('there is a limit, beyond which the answer is a failure', async (t) => {
    const { environment } = await opened(t);
    const chunks = maxStreamedResponseBytes / MiB + 1;
    const { stream, answer } = await streaming(environment, { chunks, bytes: MiB });
    let read = 0;
    for await (const chunk of stream.body) read += chunk.length;
    assert.ok(read <= maxStreamedResponseBytes && read > maxStreamedResponseBytes - 2 * MiB, `${read} bytes`);
    assert.equal((await answer).fault?.type, 'Function.ResponseSizeTooLarge');
  });
});
