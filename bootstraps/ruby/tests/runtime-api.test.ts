import assert from 'node:assert/strict';
import { it } from 'node:test';
import { testConnections, testReadingAnswers } from '../../testing/client-tests.ts';
import { refuseResponses, sayAndHangUp } from '../../testing/scripted-runtime-api.ts';
import { eachRuby } from './interpreters.ts';
import { handling, invokeOnce, runFunction } from './run-function.ts';

eachRuby('talking to the Runtime API', (ruby) => {
  const files = { 'app.rb': handling('event') };

  it('lives on after a response that was too large, silently; after one refused, saying so', async (t) => {
    const run = await runFunction(t, { ruby, files });
    run.api.replies.set('/response', { status: 413, body: '{"errorType":"RequestEntityTooLarge"}' });
    await run.api.invoke(1);
    run.api.replies.set('/response', { status: 403, body: 'InvalidStateTransition' });
    await run.api.invoke(2);
    assert.equal((await run.api.invoke(3)).text, '3');
    await run.finish();
    assert.equal(run.stderr(), 'The Runtime API refused the response: 403 InvalidStateTransition\n');
  });

  it('takes an answer that comes before all of the response went out', async (t) => {
    const run = await runFunction(t, { ruby, files: { 'app.rb': handling('"x" * event') } });
    run.api.earlyReply = { status: 413, headers: { Connection: 'close' } };
    run.api.invoke(7 * 1024 * 1024).catch(() => {});
    assert.equal((await run.api.invoke(1)).text, '"x"');
  });

  it('reads the refusal of a large response of which most could not be written', async (t) => {
    const { address, survived } = await refuseResponses(t, 20);
    const files = { 'app.rb': handling(`"x" * ${6 * 1024 * 1024}`) };
    const run = await runFunction(t, { ruby, files, env: { AWS_LAMBDA_RUNTIME_API: address } });
    assert.equal(await Promise.race([survived, run.exited]), undefined, run.stderr());
  });

  testConnections({
    start: (t, spec) => runFunction(t, { ruby, ...spec }),
    echo: files,
    waits: {
      'app.rb': handling('File.write(event + ".busy", "")\nsleep 0.01 until File.exist?(event)\n"done"'),
    },
    lostStatus: 252,
  });

  it('runs the handler of a signal while it waits for an event, and goes on waiting', async (t) => {
    const before = `Signal.trap(:USR1) { $seen = true; Process.kill(:KILL, CHILD) }\nCHILD = fork { sleep 100 }\n`;
    const run = await runFunction(t, {
      ruby,
      files: { 'app.rb': handling('Process.wait(CHILD)\n$seen', before) },
    });
    await run.api.polled();
    run.signal('SIGUSR1');
    assert.equal((await run.api.invoke(1)).text, 'true');
  });

  it('ends by a SIGTERM while it waits, and does what was left for the end', async (t) => {
    const run = await runFunction(t, { ruby, files: { 'app.rb': handling('1', 'at_exit { print "bye" }') } });
    await run.api.polled();
    run.signal('SIGTERM');
    assert.deepEqual(await run.exited, { code: 0 });
    assert.equal(run.stdout(), 'bye');
    assert.ok(!run.api.requests.some(({ method }) => method === 'POST'));
  });

  it('leaves Ruby’s own client to the function', async (t) => {
    const before = 'require "net/http"\nclass Net::HTTP\n  def request(*)\n    raise "changed"\n  end\nend';
    const { value } = await invokeOnce(t, ruby, handling('event', before), { event: [1] });
    assert.deepEqual(value, [1]);
  });
});

eachRuby('reading answers', (ruby) => {
  const id = 'Lambda-Runtime-Aws-Request-Id: r1\r\nContent-Type: application/json';
  const oddId = 'LAMBDA-RUNTIME-AWS-REQUEST-ID: r1\r\nCONTENT-TYPE: application/json';
  testReadingAnswers(
    { start: (t, spec) => runFunction(t, { ruby, ...spec }), echo: { 'app.rb': handling('event') } },
    { id, oddId, posted: '{"a":"bcdefg"}' },
  );

  for (const [title, answer, finding] of [
    ['no HTTP', 'SSH-2.0-x\r\n\r\n', 'the answer begins with "SSH-2.0-x", which is no HTTP'],
    ['broken off', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{', "closed within the answer's body"],
    ['chunked wrongly', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 'length is "zz"'],
    [
      'without an end',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(1_100_000)}`,
      'a line of the answer has no end: "X: x',
    ],
  ] as const) {
    it(`says what is wrong with one that is ${title}`, async (t) => {
      const env = { AWS_LAMBDA_RUNTIME_API: await sayAndHangUp(t, answer) };
      const run = await runFunction(t, { ruby, files: { 'app.rb': handling('event') }, env });
      assert.deepEqual(await run.exited, { code: 252 });
      assert.match(run.stderr(), /did not answer GET/);
      assert.ok(run.stderr().includes(finding), run.stderr());
    });
  }
});
