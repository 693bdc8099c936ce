import assert from 'node:assert/strict';
import { it } from 'node:test';
import { answersOfOneEvent, playAnswer, sayAndHangUp } from '../../testing/scripted-runtime-api.ts';
import { eachDotnet, runFunction } from './run-function.ts';

const handler = 'Bare::Example.Bare::Echo';
const id = 'Lambda-Runtime-Aws-Request-Id: r\r\nContent-Type: application/json';
const oddId = 'lambda-runtime-AWS-REQUEST-ID:r\r\ncontent-type:  application/json';

eachDotnet('the Runtime API', (dotnet) => {
  it('is asked over one connection, and told when the function is loaded', async (t) => {
    const running = await runFunction(t, dotnet, { handler });
    for (let count = 0; count < 3; count++) await running.api.invoke({ count });
    await running.api.polled();
    assert.equal(running.api.connections, 1);
    const [first, second] = running.api.requests;
    assert.deepEqual([first?.path, first?.headers['thaw-phase']], ['/2018-06-01/ping', 'function-init']);
    assert.match(String(second?.headers['user-agent']), /^aws-lambda-dotnet\/\d+\.\d+\.\d+-thaw$/);
  });

  it('gives and takes bodies of megabytes, byte for byte', async (t) => {
    const running = await runFunction(t, dotnet, { handler });
    const body = JSON.stringify('ž\0'.repeat(1_000_000));
    assert.equal((await running.api.invoke(body)).text, body);
  });

  for (const answer of answersOfOneEvent(id, oddId)) {
    it(`may answer ${answer.title}`, async (t) => {
      const { address, posted } = await playAnswer(t, answer);
      const env = { AWS_LAMBDA_RUNTIME_API: address };
      await runFunction(t, dotnet, { handler: 'Functions::Example.Forms::Same', env });
      assert.match(await posted, /\/invocation\/r\/response HTTP\/1\.1.*\r\n\r\n\{"a":"bcdefg"\}$/s);
    });
  }

  it('may end its connection between requests', async (t) => {
    const running = await runFunction(t, dotnet, { handler });
    await running.api.invoke(1);
    running.api.replies.set('/response', {
      status: 202,
      headers: { Connection: 'close', 'Content-Length': '2' },
      body: '{}',
    });
    for (const event of ['2', '3']) assert.equal((await running.api.invoke(event)).text, event);
    await running.api.polled();
    assert.equal(running.api.connections, 2);
  });

  it('need not know that it is told of the function’s Init', async (t) => {
    const running = await runFunction(t, dotnet, {
      handler,
      prepare: (api) => api.replies.set('/ping', { status: 404 }),
    });
    assert.equal((await running.api.invoke([])).text, '[]');
  });

  for (const [what, said, words] of [
    ['hangs up', '', /GET \/2018-06-01\/runtime\/invocation\/next: .*ended in the middle/],
    ['is something else', 'SSH-2.0-x\r\n', /no answer of HTTP\/1/],
    ['lies about its length', 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n', /length is many/],
    [
      'names no request',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}',
      /The Runtime API gave out an event without the header Lambda-Runtime-Aws-Request-Id/,
    ],
    ['cuts a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', /ended in the middle/],
  ] as const) {
    it(`ends the process where it ${what}`, async (t) => {
      const address = await sayAndHangUp(t, said);
      const running = await runFunction(t, dotnet, { handler, env: { AWS_LAMBDA_RUNTIME_API: address } });
      assert.deepEqual(await running.exited, { code: 1 });
      assert.match(running.stderr(), words);
    });
  }

  it('has to be named', async (t) => {
    for (const [address, words] of [
      ['', /AWS_LAMBDA_RUNTIME_API, .* is not set/],
      ['nowhere', /is nowhere, which is not host:port/],
    ] as const) {
      const running = await runFunction(t, dotnet, { handler, env: { AWS_LAMBDA_RUNTIME_API: address } });
      assert.deepEqual(await running.exited, { code: 1 });
      assert.match(running.stderr(), words);
    }
  });
});
