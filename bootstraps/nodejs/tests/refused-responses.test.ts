import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { it, type TestContext } from 'node:test';
import type { Reply } from '../../testing/fake-runtime-api.ts';
import type { RunningRuntime } from '../../testing/run-runtime.ts';
import { refuseResponses } from '../../testing/scripted-runtime-api.ts';
import { eachNode, type Interpreter } from './interpreters.ts';
import { runFunction } from './run-function.ts';

/**
 * Streams up to the refusal of the response. The thread is blocked from the first write until the platform has answered
 * and hung up, so that `body` finds the answer unread, and the event loop had no chance to read it.
 */
async function refusedStream(
  t: TestContext,
  node: Interpreter,
  body: string,
  reply: Reply,
): Promise<RunningRuntime> {
  const files = {
    'index.js': `const fs = require('fs');
      const word = new Int32Array(new SharedArrayBuffer(4));
      exports.handler = awslambda.streamifyResponse(async (file, stream) => {
        if (file === null) return void stream.end('another');
        const write = (text) => new Promise((done) => stream.write(text, done));
        await write('first');
        while (!fs.existsSync(file)) Atomics.wait(word, 0, 0, 2);
        ${body}
      })`,
  };
  const run = await runFunction(t, { node, files });
  const signal = `${run.taskRoot}/hung-up`;
  run.api.earlyReply = reply;
  run.api.onHangUp = () => writeFileSync(signal, '');
  // Broken off, so it is no request that ever ends.
  run.api.invoke(JSON.stringify(signal)).catch(() => {});
  return run;
}

const closing = { Connection: 'close' };

eachNode('a response that is refused before its end', (node) => {
  it('is told to who writes on in the same turn of the event loop, and the runtime lives on', async (t) => {
    const body = "while (!stream.destroyed) await write('x');";
    const reply = { status: 413, body: 'RequestEntityTooLarge', headers: closing };
    const run = await refusedStream(t, node, body, reply);
    assert.equal((await run.api.invoke('null')).text, 'another');
    assert.match(
      await run.finish(),
      /\tInvoke Error \t\{.*refused the response stream: 413 RequestEntityTooLarge/,
    );
    assert.equal(run.stderr(), '');
  });

  it('is told in the log where all was written, and the runtime lives on', async (t) => {
    const reply = { status: 400, body: 'InvalidFunctionResponseMode', headers: closing };
    const run = await refusedStream(t, node, "await write('last'); stream.end();", reply);
    assert.equal((await run.api.invoke('null')).text, 'another');
    assert.match(await run.finish(), /The Runtime API refused the response stream: 400 InvalidFunction/);
    assert.equal(run.stderr(), '');
  });

  it('is read where most of a large body could not be written', async (t) => {
    const { address, survived } = await refuseResponses(t, 20);
    const files = { 'index.js': `exports.handler = async () => "x".repeat(${6 * 1024 * 1024})` };
    const run = await runFunction(t, { node, files, env: { AWS_LAMBDA_RUNTIME_API: address } });
    assert.equal(await Promise.race([survived, run.exited]), undefined, run.stderr());
  });
});
