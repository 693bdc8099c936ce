import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { it } from 'node:test';
import { testConnections, testReadingAnswers } from '../../testing/client-tests.ts';
import { refuseResponses, sayAndHangUp } from '../../testing/scripted-runtime-api.ts';
import { eachPython } from './interpreters.ts';
import { runFunction } from './run-function.ts';

const echo = { 'app.py': 'def handler(event, context):\n    return event\n' };

eachPython('talking to the Runtime API', (python) => {
  it('lives on after a response that was too large', async (t) => {
    const run = await runFunction(t, { python, files: echo });
    run.api.replies.set('/response', { status: 413, body: '{"errorType":"RequestEntityTooLarge"}' });
    await run.api.invoke(1);
    assert.equal((await run.api.invoke(2)).text, '2');
    await run.finish();
    assert.equal(run.stderr(), '');
  });

  it('takes an answer that comes before all of the response went out', async (t) => {
    const files = { 'app.py': 'def handler(event, context):\n    return "x" * event\n' };
    const run = await runFunction(t, { python, files });
    run.api.earlyReply = { status: 413, headers: { Connection: 'close' } };
    run.api.invoke(7 * 1024 * 1024).catch(() => {});
    assert.equal((await run.api.invoke(1)).text, '"x"');
  });

  it('reads the refusal of a large response of which most could not be written', async (t) => {
    const { address, survived } = await refuseResponses(t, 20);
    const files = { 'app.py': `def handler(event, context):\n    return "x" * ${6 * 1024 * 1024}\n` };
    const run = await runFunction(t, { python, files, env: { AWS_LAMBDA_RUNTIME_API: address } });
    assert.equal(await Promise.race([survived, run.exited]), undefined, run.stderr());
  });

  it('lives on, and says so, after a response that was refused', async (t) => {
    const run = await runFunction(t, { python, files: echo });
    run.api.replies.set('/response', { status: 403, body: 'InvalidStateTransition' });
    await run.api.invoke(1);
    assert.equal((await run.api.invoke(2)).text, '2');
    await run.finish();
    assert.equal(run.stderr(), 'The Runtime API refused the response: 403 InvalidStateTransition\n');
  });

  testConnections({
    start: (t, spec) => runFunction(t, { python, ...spec }),
    echo,
    waits: {
      'app.py': `import os, time\ndef handler(event, context):\n    open(event + '.busy', 'w').close()\n    while not os.path.exists(event):\n        time.sleep(0.01)\n    return 'done'\n`,
    },
    lostStatus: 1,
  });

  it('runs the handler of a signal while it waits for an event, and goes on waiting', async (t) => {
    const files = {
      'app.py': `import signal, sys, threading\nsignal.signal(signal.SIGUSR1, lambda *_: print('once', threading.current_thread() is threading.main_thread()))\ndef stop(*_):\n    print('stopped')\n    sys.exit(4)\nsignal.signal(signal.SIGTERM, stop)\ndef handler(event, context):\n    return event\n`,
    };
    const run = await runFunction(t, { python, files });
    await run.api.polled();
    run.signal('SIGUSR1');
    await run.printed('once True\n');
    assert.equal((await run.api.invoke(1)).text, '1');
    await run.api.polled();
    run.signal('SIGTERM');
    assert.deepEqual(await run.exited, { code: 4 });
    assert.equal(run.stdout(), 'once True\nstopped\n');
  });

  it('runs the handler of a signal that another thread was given', async (t) => {
    const files = {
      'app.py': `import os, signal, threading
signal.signal(signal.SIGUSR1, lambda *_: print('handled', threading.current_thread() is threading.main_thread()))
fifo = os.path.join(os.environ['LAMBDA_TASK_ROOT'], 'fifo')
os.mkfifo(fifo)
def work():
    open(fifo).read()
    signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
threading.Thread(target=work, daemon=True).start()
def handler(event, context):
    return signal.set_wakeup_fd(-1)
`,
    };
    const run = await runFunction(t, { python, files });
    await run.api.polled();
    writeFileSync(`${run.taskRoot}/fifo`, 'go');
    await run.printed('handled True\n');
    assert.equal((await run.api.invoke(1)).text, '-1');
  });

  it('ends by a SIGTERM that nobody handles', async (t) => {
    const run = await runFunction(t, { python, files: echo });
    await run.api.polled();
    run.signal('SIGTERM');
    assert.deepEqual(await run.exited, { signal: 'SIGTERM' });
  });
});

eachPython('reading answers', (python) => {
  const id = 'Lambda-Runtime-Aws-Request-Id: r1';
  testReadingAnswers(
    { start: (t, spec) => runFunction(t, { python, ...spec }), echo },
    { id, oddId: id.toLowerCase(), posted: '{"a": "bcdefg"}' },
  );

  for (const [title, answer, finding] of [
    ['no HTTP', 'SSH-2.0-x\r\n\r\n', "the answer begins with 'SSH-2.0-x', which is no HTTP"],
    [
      'broken off',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{',
      "the connection was closed within the answer's body",
    ],
    ['chunked wrongly', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 'zz'],
  ] as const) {
    it(`says what is wrong with one that is ${title}`, async (t) => {
      const env = { AWS_LAMBDA_RUNTIME_API: await sayAndHangUp(t, answer) };
      const run = await runFunction(t, { python, files: echo, env });
      assert.deepEqual(await run.exited, { code: 1 });
      assert.match(run.stderr(), /did not answer GET/);
      assert.ok(run.stderr().includes(finding), run.stderr());
    });
  }
});
