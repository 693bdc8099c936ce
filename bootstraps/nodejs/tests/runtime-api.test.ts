import assert from 'node:assert/strict';
import { watch, writeFileSync } from 'node:fs';
import { it } from 'node:test';
import { answersOfOneEvent, playAnswer, sayAndHangUp } from '../../testing/scripted-runtime-api.ts';
import { eachNode } from './interpreters.ts';
import { runFunction } from './run-function.ts';

const echo = { 'index.js': 'exports.handler = async (event) => event' };

eachNode('talking to the Runtime API', (node) => {
  it('carries 6 MiB there and back, on one connection', async (t) => {
    const run = await runFunction(t, { node, files: echo });
    const payload = JSON.stringify('ž'.repeat(3 * 1024 * 1024 - 1));
    assert.equal(Buffer.byteLength(payload), 6 * 1024 * 1024);
    assert.equal((await run.api.invoke(payload)).text, payload);
    for (let i = 0; i < 20; i++) assert.equal((await run.api.invoke({ i })).text, `{"i":${i}}`);
    assert.equal(run.api.connections, 1);
  });

  it('lives on after a response that was too large', async (t) => {
    const run = await runFunction(t, { node, files: echo });
    run.api.replies.set('/response', { status: 413, body: '{"errorType":"RequestEntityTooLarge"}' });
    await run.api.invoke(1);
    assert.equal((await run.api.invoke(2)).text, '2');
    assert.equal(await run.finish(), '');
  });

  it('lives on, and says so, after a response that was refused', async (t) => {
    const run = await runFunction(t, { node, files: echo });
    run.api.replies.set('/response', { status: 403, body: 'InvalidStateTransition' });
    await run.api.invoke(1);
    assert.equal((await run.api.invoke(2)).text, '2');
    assert.match(
      await run.finish(),
      /\tERROR\tThe Runtime API refused the response: 403 InvalidStateTransition\n/,
    );
  });

  it('ends when the environment is lost', async (t) => {
    const run = await runFunction(t, { node, files: echo });
    run.api.replies.set('/response', { status: 500, body: 'InternalServerError' });
    await run.api.invoke(1);
    assert.deepEqual(await run.exited, { code: 1 });
    assert.match(run.stderr(), /refused the response: 500/);
  });

  it('goes on after a connection the other side does not keep', async (t) => {
    const run = await runFunction(t, { node, files: echo });
    for (let i = 0; i < 3; i++) {
      run.api.replies.set('/response', { status: 202, headers: { Connection: 'close' } });
      await run.api.invoke(i);
    }
    assert.equal((await run.api.invoke('"last"')).text, '"last"');
    assert.equal(run.api.connections, 4);
  });

  it('asks again where a kept connection turns out to be closed', async (t) => {
    // The handler blocks its thread until the other side has hung up: the runtime learns of it by writing.
    const files = {
      'index.js': `exports.handler = async (file) => {
        require('child_process').execFileSync('/bin/sh', ['-c', 'echo > "$0.busy"; until [ -e "$0" ]; do sleep 0.01; done', file]);
        return 'done';
      }`,
    };
    const run = await runFunction(t, { node, files });
    const signal = `${run.taskRoot}/hung-up`;
    const watcher = watch(run.taskRoot, () => {
      run.api.hangUp();
      writeFileSync(signal, '');
      watcher.close();
    });
    t.after(() => watcher.close());
    assert.equal((await run.api.invoke(JSON.stringify(signal))).text, '"done"');
    assert.equal(run.api.connections, 2);
  });
});

eachNode('reading answers', (node) => {
  const id = 'Lambda-Runtime-Aws-Request-Id: r1';
  for (const answer of answersOfOneEvent(id, id.toLowerCase())) {
    it(answer.title, async (t) => {
      const { address, posted } = await playAnswer(t, answer);
      const env = { AWS_LAMBDA_RUNTIME_API: address };
      await runFunction(t, { node, files: echo, env });
      const request = await posted;
      assert.match(request, /^POST \/2018-06-01\/runtime\/invocation\/r1\/response HTTP\/1\.1\r\n/);
      assert.match(request, new RegExp(`\r\nHost: ${address}\r\n`));
      assert.match(request, /\r\nContent-Length: 14\r\n\r\n\{"a":"bcdefg"\}$/);
    });
  }

  it('says what is wrong with one that is no HTTP', async (t) => {
    const env = { AWS_LAMBDA_RUNTIME_API: await sayAndHangUp(t, 'SSH-2.0-x\r\n\r\n') };
    const run = await runFunction(t, { node, files: echo, env });
    assert.deepEqual(await run.exited, { code: 1 });
    assert.match(run.stderr(), /did not answer GET .*the answer cannot be read: it begins with "SSH-2.0-x"/);
  });
});
