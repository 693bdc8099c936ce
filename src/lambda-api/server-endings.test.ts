import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { Agent, request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Operation } from './operation.ts';
import { signedFetch, signedHeaders } from './testing/signed-fetch.ts';
import { type StartedServer, startServer } from './testing/started-server.ts';

const invocations = '/2015-03-31/functions/waiting/invocations';
/** What the operations below tell of their calls. */
const calls = new EventEmitter();

const operations: readonly Operation[] = [
  {
    name: 'Invoke',
    authorise: 'none',
    run: async ({ Payload }, { requestId, signal }) => {
      signal.addEventListener('abort', () => calls.emit('aborted', requestId));
      calls.emit('waiting', requestId);
      await once(calls, 'go on');
      return { StatusCode: 200, Payload };
    },
  },
  { name: 'InvokeWithResponseStream', authorise: 'none', run: () => ({ EventStream: endless() }) },
];

async function* endless(): AsyncGenerator<object> {
  try {
    for (;;) yield { PayloadChunk: { Payload: Buffer.alloc(1000) } };
  } finally {
    calls.emit('released');
  }
}

let started: StartedServer;
before(async () => {
  started = await startServer(operations);
});
after(() => started.close());

describe('a caller that goes away', { timeout: 240_000 }, () => {
  it('ends the stream that it was reading', async () => {
    const path = '/2021-11-15/functions/f/response-streaming-invocations';
    const headers = await signedHeaders(started, 'POST', path);
    const released = once(calls, 'released');
    const req = request({ port: started.port, host: '127.0.0.1', method: 'POST', path, headers }).end();
    const [res] = await once(req, 'response');
    await once(res, 'data');
    res.destroy();
    await released;
    assert.deepEqual(started.errors, []);
  });

  it('is told to the operation, by its signal', async () => {
    const waiting = once(calls, 'waiting');
    const aborted = once(calls, 'aborted');
    const headers = await signedHeaders(started, 'POST', invocations);
    const req = request({
      port: started.port,
      host: '127.0.0.1',
      method: 'POST',
      path: invocations,
      headers,
    });
    req.on('error', () => {});
    req.end();
    const [requestId] = await waiting;
    req.destroy();
    assert.deepEqual(await aborted, [requestId]);
    calls.emit('go on');
  });
});

describe('LambdaApiServer.close', { timeout: 240_000 }, () => {
  it('answers what is under way, with connections that were kept ended', async () => {
    const other = await startServer(operations);
    const agent = new Agent({ keepAlive: true });
    const idle = request({ port: other.port, host: '127.0.0.1', path: '/x', agent }).end();
    const [first] = await once(idle, 'response');
    await once(first.resume(), 'end');
    const waiting = once(calls, 'waiting');
    const answer = signedFetch(other, 'POST', invocations, '{}');
    await waiting;
    const closed = other.server.close(30_000);
    calls.emit('go on');
    assert.equal((await answer).status, 200);
    await closed;
    agent.destroy();
    await other.close();
  });

  it('disconnects who is not answered in time', async () => {
    const other = await startServer(operations);
    const waiting = once(calls, 'waiting');
    const answer = assert.rejects(signedFetch(other, 'POST', invocations, '{}'));
    await waiting;
    await other.server.close(10);
    await answer;
    calls.emit('go on');
    await other.close();
  });

  it('says when its port is taken', async () => {
    const other = await startServer([]);
    await other.server.close(0);
    await assert.rejects(other.server.listen({ host: '127.0.0.1', port: started.port }), {
      code: 'EADDRINUSE',
    });
    await other.close();
  });
});
