import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { Outcome } from '../../testing/fake-runtime-api.ts';
import type { RunningRuntime } from '../../testing/run-runtime.ts';
import { eachNode, type Interpreter } from './interpreters.ts';
import { runFunction } from './run-function.ts';

async function streamed(
  t: TestContext,
  node: Interpreter,
  body: string,
  env = {},
): Promise<[Outcome, RunningRuntime]> {
  const files = {
    'index.js': `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} })`,
  };
  const run = await runFunction(t, { node, files, env });
  return [await run.api.invoke({}), run];
}

const errorOf = (outcome: Outcome) =>
  JSON.parse(
    Buffer.from(String(outcome.trailers['lambda-runtime-function-error-body']), 'base64').toString(),
  );

eachNode('streaming', (node) => {
  it('sends chunks in streaming mode', async (t) => {
    const [outcome, run] = await streamed(
      t,
      node,
      'stream.write("a"); stream.write(Buffer.from([0, 255])); stream.write(new Uint8Array([1])); stream.write({ o: 1 }); stream.write(""); stream.end("z");',
    );
    assert.equal(outcome.kind, 'response');
    assert.deepEqual(
      outcome.body,
      Buffer.concat([Buffer.from('a'), Buffer.from([0, 255, 1]), Buffer.from('{"o":1}z')]),
    );
    assert.equal(outcome.headers['lambda-runtime-function-response-mode'], 'streaming');
    assert.equal(outcome.headers['transfer-encoding'], 'chunked');
    assert.equal(
      outcome.headers.trailer,
      'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    );
    assert.equal(outcome.headers['content-type'], 'application/octet-stream');
    assert.deepEqual(Object.keys(outcome.trailers), []);
    await run.api.polled();
    assert.equal(run.api.connections, 1);
    assert.equal(await run.finish(), '');
  });

  it('sends each write at once', async (t) => {
    const files = {
      'index.js': `const fs = require('fs');
        exports.handler = awslambda.streamifyResponse(async (file, stream) => {
          stream.write('first');
          while (!fs.existsSync(file)) await new Promise((r) => setTimeout(r, 2));
          stream.end('second');
        })`,
    };
    const run = await runFunction(t, { node, files });
    const { writeFileSync } = await import('node:fs');
    let seen = '';
    run.api.onBodyBytes = (bytes) => {
      seen += bytes;
      if (seen === 'first') writeFileSync(`${run.taskRoot}/go`, '');
    };
    assert.equal((await run.api.invoke(JSON.stringify(`${run.taskRoot}/go`))).text, 'firstsecond');
  });

  it('carries 8 MiB through a pipeline', async (t) => {
    const [outcome] = await streamed(
      t,
      node,
      `let n = 0; const { Readable } = require('stream');
       const source = new Readable({ read() { this.push(n++ < 128 ? Buffer.alloc(65536, n) : null); } });
       await require('util').promisify(require('stream').pipeline)(source, stream);`,
    );
    assert.equal(outcome.body.length, 8 * 1024 * 1024);
    for (let i = 0; i < 128; i++) assert.equal(outcome.body[i * 65536], i + 1);
  });

  it('waits for a pipe that the handler did not wait for', async (t) => {
    const [outcome] = await streamed(t, node, 'setTimeout(() => stream.end("later"), 20);');
    assert.equal(outcome.text, 'later');
  });

  it('an empty stream is an empty response', async (t) => {
    const [outcome] = await streamed(t, node, 'stream.end();');
    assert.equal(outcome.kind, 'response');
    assert.equal(outcome.text, '');
  });

  it('sets the content type before the first write only', async (t) => {
    const [outcome] = await streamed(
      t,
      node,
      'stream.setContentType("text/html"); stream.write("x"); try { stream.setContentType("a/b"); } catch (e) { stream.write(e.name + ": " + e.message); } stream.end();',
    );
    assert.equal(outcome.headers['content-type'], 'text/html');
    assert.equal(outcome.text, 'xRuntime.InvalidStreamingOperation: Cannot set content-type, too late.');
  });

  it('puts the prelude of an HTTP response in front', async (t) => {
    const [outcome] = await streamed(
      t,
      node,
      'const s = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { a: "b" }, cookies: ["c"] }); s.write("body"); s.end();',
    );
    assert.equal(outcome.headers['content-type'], 'application/vnd.awslambda.http-integration-response');
    assert.equal(outcome.text, `{"statusCode":201,"headers":{"a":"b"},"cookies":["c"]}${'\0'.repeat(8)}body`);
  });

  it('tells an error before the first byte as any error', async (t) => {
    const [outcome, run] = await streamed(t, node, 'throw new TypeError("early");');
    assert.equal(outcome.kind, 'error');
    assert.equal(JSON.parse(outcome.text).errorType, 'TypeError');
    await run.api.polled();
  });

  it('tells an error after the first byte in the trailers', async (t) => {
    const [outcome, run] = await streamed(
      t,
      node,
      'stream.write("part"); await new Promise((r) => setTimeout(r, 10)); throw new TypeError("é\\u007f");',
    );
    assert.equal(outcome.kind, 'response');
    assert.equal(outcome.text, 'part');
    assert.equal(outcome.trailers['lambda-runtime-function-error-type'], 'TypeError');
    assert.equal(errorOf(outcome).errorMessage, 'é%7F');
    assert.match(await run.finish(), /\tERROR\tInvoke Error \t\{"errorType":"TypeError"/);
  });

  it('a write after a failure goes nowhere', async (t) => {
    const files = {
      'index.js': `let failed;
        exports.handler = awslambda.streamifyResponse(async (event, stream) => {
          if (failed) {
            // An event is being answered on the same connection while the old stream is written to.
            failed.write('stray');
            return void stream.end('second');
          }
          failed = stream;
          const keepWriting = () => {
            stream.write('x');
            if (!stream.destroyed) setImmediate(keepWriting);
          };
          keepWriting();
          throw new Error('failed');
        })`,
    };
    const run = await runFunction(t, { node, files });
    assert.equal((await run.api.invoke({})).trailers['lambda-runtime-function-error-type'], 'Error');
    assert.equal((await run.api.invoke({})).text, 'second');
    await run.api.polled();
    assert.equal(run.api.connections, 1);
  });

  it('tells the writer of a stream that was refused midway, and lives on', async (t) => {
    const files = {
      'index.js': `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
        if (event === 'short') return void stream.end('short');
        await new Promise((resolve, reject) => {
          stream.on('error', reject);
          const timer = setInterval(() => stream.destroyed ? clearInterval(timer) : stream.write('x'), 2);
        });
      })`,
    };
    const run = await runFunction(t, { node, files });
    run.api.earlyReply = {
      status: 400,
      body: 'InvalidFunctionResponseMode',
      headers: { Connection: 'close' },
    };
    run.api.invoke('"long"').catch(() => {});
    assert.equal((await run.api.invoke('"short"')).text, 'short');
    assert.match(
      await run.finish(),
      /\tInvoke Error \t\{.*refused the response stream: 400 InvalidFunctionResponseMode/,
    );
  });

  it('tells a stream that is not ended', async (t) => {
    const [outcome] = await streamed(t, node, 'stream.write("part");');
    assert.equal(errorOf(outcome).errorMessage, 'Response stream is not finished.');
  });

  it('tells a handler that never settles', async (t) => {
    const [outcome] = await streamed(t, node, 'await new Promise(() => {});');
    assert.equal(JSON.parse(outcome.text).errorType, 'Runtime.NodeJsExit');
  });

  it('tells an uncaught exception in the trailers and ends', async (t) => {
    const [outcome, run] = await streamed(
      t,
      node,
      'stream.write("part"); setTimeout(() => { throw new RangeError("r"); }, 10); await new Promise(() => {});',
    );
    assert.equal(outcome.trailers['lambda-runtime-function-error-type'], 'RangeError');
    assert.deepEqual(await run.exited, { code: 129 });
  });

  it('ignores the return value, with a warning', async (t) => {
    const [outcome, run] = await streamed(t, node, 'stream.end("x"); return 5;');
    assert.equal(outcome.text, 'x');
    assert.match(await run.finish(), /\tWARN\tStreaming handlers ignore return values\.\n/);
  });

  it('refuses a handler that is not async', async (t) => {
    const files = { 'index.js': 'exports.handler = awslambda.streamifyResponse(() => 5)' };
    const run = await runFunction(t, { node, files });
    const outcome = await run.api.invoke({});
    assert.equal(outcome.kind, 'error');
    assert.equal(JSON.parse(outcome.text).errorMessage, 'Streaming does not support non-async handlers.');
  });

  it('refuses another kind of streaming', async (t) => {
    const files = {
      'index.js':
        'exports.handler = async () => {}; exports.handler[Symbol.for("aws.lambda.runtime.handler.streaming")] = "request";',
    };
    const run = await runFunction(t, { node, files });
    assert.equal(
      JSON.parse((await run.api.initError()).body.toString()).errorType,
      'Runtime.MalformedStreamingHandler',
    );
  });

  it('has no global where it is not wanted', async (t) => {
    const run = await runFunction(t, {
      node,
      files: { 'index.js': 'exports.handler = async () => typeof awslambda' },
      env: { AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: '1' },
    });
    assert.equal((await run.api.invoke({})).text, '"undefined"');
  });
});
