import assert from 'node:assert/strict';
import { it } from 'node:test';
import { testConnections, testReadingAnswers } from '../../testing/client-tests.ts';
import { sayAndHangUp } from '../../testing/scripted-runtime-api.ts';
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

  testConnections({
    start: (t, spec) => runFunction(t, { node, ...spec }),
    echo,
    waits: {
      'index.js': `exports.handler = async (file) => {
        require('child_process').execFileSync('/bin/sh', ['-c', 'echo > "$0.busy"; until [ -e "$0" ]; do sleep 0.01; done', file]);
        return 'done';
      }`,
    },
    lostStatus: 1,
  });
});

eachNode('reading answers', (node) => {
  const id = 'Lambda-Runtime-Aws-Request-Id: r1';
  testReadingAnswers(
    { start: (t, spec) => runFunction(t, { node, ...spec }), echo },
    { id, oddId: id.toLowerCase(), posted: '{"a":"bcdefg"}' },
  );

  it('says what is wrong with one that is no HTTP', async (t) => {
    const env = { AWS_LAMBDA_RUNTIME_API: await sayAndHangUp(t, 'SSH-2.0-x\r\n\r\n') };
    const run = await runFunction(t, { node, files: echo, env });
    assert.deepEqual(await run.exited, { code: 1 });
    assert.match(run.stderr(), /did not answer GET .*the answer cannot be read: it begins with "SSH-2.0-x"/);
  });
});
