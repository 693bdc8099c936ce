import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { extensions, functionCode, packageOf } from './support/packages.ts';
import { expectStatus, runThaw, runThawAsText } from './support/run-thaw.ts';

const event = (value: unknown) => ['--event', JSON.stringify(value)];
const crashedInvocation = ['start', 'runtimeDone error Runtime.ExitError', 'report error Runtime.ExitError'];
const init = (phase: string) => [
  `initStart ${phase}`,
  `initRuntimeDone ${phase} success`,
  `initReport ${phase} success`,
];

describe('a runtime that exits', { concurrency: 2 }, () => {
  const exits = [
    { given: { code: 0 }, words: 'Runtime exited without providing a reason' },
    { given: { code: 1 }, words: 'Runtime exited with error: exit status 1' },
    { given: { signal: 'SIGABRT' }, words: 'Runtime exited with error: signal: aborted' },
  ];
  for (const { given, words } of exits) {
    test(`in the handler, ${JSON.stringify(given)}: ${words}`, async (t) => {
      const ended = await runThaw(t, [functionCode('exits-in-handler'), ...event(given)]);
      expectStatus(ended, 3);
      assert.deepEqual(ended.story, [...init('init'), ...crashedInvocation]);
      const [result] = ended.results;
      assert.deepEqual(result?.payload, {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${result?.requestId} Error: ${words}`,
      });
      assert.match(
        ended.stderr,
        /the runtime process ended during an invocation .*its last output: .*leaving/,
      );
    });
  }

  test('is started again for the next invocation, the extensions too, told SHUTDOWN with reason failure', async (t) => {
    const args = [...event({ code: 1 }), '--invocations', '2', ...extensions('records-events')];
    const ended = await runThaw(t, [functionCode('exits-in-handler'), ...args]);
    expectStatus(ended, 3);
    const ready = 'extension records-events Ready';
    const again = (phase: string) => init(phase).toSpliced(2, 0, ready);
    assert.deepEqual(ended.story, [
      ...again('init'),
      ...crashedInvocation,
      ...again('invoke'),
      ...crashedInvocation,
    ]);
    assert.deepEqual(
      ended.told.extensionEvents.map((told) => told.shutdownReason ?? told.eventType),
      ['INVOKE', 'failure', 'INVOKE', 'failure'],
    );
  });

  test('while it loads the function: once in Init, once more for the invocation', async (t) => {
    const ended = await runThaw(t, [functionCode('exits-at-init')]);
    expectStatus(ended, 3);
    const failed = (phase: string) => [
      `initStart ${phase}`,
      `initRuntimeDone ${phase} error Runtime.ExitError`,
      `initReport ${phase} error Runtime.ExitError`,
    ];
    assert.deepEqual(ended.story, [...failed('init'), ...failed('invoke'), ...crashedInvocation]);
    assert.match(
      ended.results[0]?.payload.errorMessage,
      /^RequestId: \S+ Error: Runtime exited with error: exit status 3$/,
    );
    assert.match(ended.stderr, /the runtime process ended during Init .*its last output: .*leaving early/);
    // A managed runtime has no bootstrap of the function's own that could be missing.
    assert.doesNotMatch(ended.stderr, /\/var\/task\/bootstrap/);
  });

  test('with status 0 while it loads the function has failed as well', async (t) => {
    const ended = await runThaw(t, [packageOf(t, { 'index.js': 'process.exit(0);' })]);
    expectStatus(ended, 3);
    assert.match(ended.results[0]?.payload.errorMessage, /Error: Runtime exited without providing a reason$/);
  });

  test('after it answered spoils the environment, not the answer', async (t) => {
    const ended = await runThaw(t, [
      functionCode('exits-after-answer'),
      ...event({ n: 2 }),
      '--invocations',
      '2',
    ]);
    expectStatus(ended, 3);
    assert.deepEqual(ended.story, [
      ...init('init'),
      ...crashedInvocation,
      ...init('invoke'),
      ...crashedInvocation,
    ]);
    assert.deepEqual(
      ended.results.map(({ status, payload }) => [status, payload]),
      [
        ['success', { n: 2 }],
        ['success', { n: 2 }],
      ],
    );
  });
});

describe('errors of Node.js code', { concurrency: 2 }, () => {
  test('thrown by the handler: the function’s own error, and the environment lives on', async (t) => {
    const ended = await runThaw(t, [functionCode('throws'), '--invocations', '2']);
    expectStatus(ended, 1);
    const fine = ['start', 'runtimeDone success', 'report success'];
    assert.deepEqual(ended.story, [...init('init'), ...fine, ...fine]);
    for (const { status, functionError, errorType, payload } of ended.results) {
      assert.deepEqual([status, functionError, errorType], ['error', 'Unhandled', 'TypeError']);
      assert.equal(payload.errorMessage, 'the order has no lines');
      assert.ok(Array.isArray(payload.trace));
    }
  });

  test('thrown while it is loaded: the body of init/error is what the caller gets', async (t) => {
    const ended = await runThaw(t, [functionCode('throws-at-init')]);
    expectStatus(ended, 3);
    assert.match(ended.stderr, /^thaw: the runtime reported an init error: /m);
    assert.ok(ended.story.includes('initReport init error Runtime.Unknown'), ended.story.join('\n'));
    const { errorType, errorMessage, trace } = ended.results[0]!.payload;
    assert.deepEqual([errorType, errorMessage], ['Error', 'the configuration is empty']);
    assert.ok(Array.isArray(trace));
  });

  test('a handler that is not there is named by its error type', async (t) => {
    const ended = await runThaw(t, [functionCode('echo'), '--handler', 'index.absent']);
    expectStatus(ended, 3);
    assert.ok(ended.story.includes('initReport init error Runtime.HandlerNotFound'), ended.story.join('\n'));
    assert.equal(ended.results[0]?.payload.errorType, 'Runtime.HandlerNotFound');
    assert.match(ended.results[0]?.payload.errorMessage, /index\.absent is undefined or not exported/);
  });

  test('an unhandled rejection is reported, then the runtime exits with 128', async (t) => {
    const ended = await runThaw(t, [functionCode('rejects-unhandled')]);
    expectStatus(ended, 3);
    assert.deepEqual(ended.story, [...init('init'), ...crashedInvocation]);
    assert.equal(ended.results[0]?.payload.errorType, 'Runtime.UnhandledPromiseRejection');
    assert.match(ended.stderr, /exit status 128/);
  });

  test('an uncaught exception is reported, then the runtime exits with 129', async (t) => {
    const code = packageOf(t, {
      'index.js': `exports.handler = () => new Promise(() => setImmediate(() => { throw new RangeError('too far'); }));`,
    });
    const ended = await runThaw(t, [code]);
    expectStatus(ended, 3);
    assert.deepEqual(ended.story, [...init('init'), ...crashedInvocation]);
    assert.equal(ended.results[0]?.payload.errorMessage, 'too far');
    assert.match(ended.stderr, /Runtime exited with error: exit status 129/);
  });
});

describe('a timeout', { concurrency: 2 }, () => {
  test('resets the environment: all starts again, /tmp stays, the time is the invocation’s', async (t) => {
    const code = packageOf(t, {
      'index.js': `
        const fs = require('fs');
        exports.handler = () => {
          if (fs.existsSync('/tmp/seen')) return Promise.resolve(fs.readFileSync('/tmp/seen', 'utf8'));
          fs.writeFileSync('/tmp/seen', 'by the first');
          return new Promise(() => setInterval(() => {}, 60000));
        };`,
    });
    const args = ['--timeout', '8', '--invocations', '2', ...extensions('records-events')];
    const ended = await runThaw(t, [code, ...args]);
    expectStatus(ended, 3);
    const ready = 'extension records-events Ready';
    assert.deepEqual(ended.story, [
      ...init('init').toSpliced(2, 0, ready),
      'start',
      'runtimeDone timeout Sandbox.Timedout',
      'report timeout Sandbox.Timedout',
      ...init('invoke').toSpliced(2, 0, ready),
      'start',
      'runtimeDone success',
      'report success',
    ]);
    const [late, fine] = ended.results;
    assert.deepEqual(late?.payload, {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${late?.requestId} Error: Task timed out after 8.00 seconds`,
    });
    assert.equal(late?.status, 'timeout');
    assert.equal(fine?.payload, 'by the first');
    assert.deepEqual(
      ended.told.extensionEvents.map((told) => told.shutdownReason ?? told.eventType),
      ['INVOKE', 'timeout', 'INVOKE', 'spindown'],
    );
    const [first, second] = ended.told.records('platform.report');
    assert.ok(first!.metrics!.durationMs! >= 8000);
    assert.equal(typeof first?.metrics?.initDurationMs, 'number');
    assert.equal(second?.metrics?.initDurationMs, undefined);
  });

  test('shows as one in the text log', async (t) => {
    const ended = await runThawAsText(t, [functionCode('hangs'), '--timeout', '1']);
    expectStatus(ended, 3);
    assert.match(ended.stderr, /^REPORT RequestId: \S+\tDuration: 1\d{3}\.\d\d ms\t.*\tStatus: timeout\t$/m);
    assert.match(ended.stderr, /^thaw: the function did not answer within its timeout$/m);
  });
});

describe('what a runtime answers', { concurrency: 2 }, () => {
  test('a second answer is refused, the first one stands', async (t) => {
    const ended = await runThaw(t, [functionCode('answers-twice'), ...event('first'), '--invocations', '2']);
    expectStatus(ended, 0);
    assert.deepEqual(
      ended.results.map(({ payload }) => payload),
      ['first', 'first'],
    );
    const refusal =
      'second answer: {"errorMessage":"State transition from RuntimeResponseSentState to InvocationResponse failed for runtime. Error: State transition is not allowed","errorType":"InvalidStateTransition"} 403';
    assert.deepEqual(ended.told.lines('function'), [refusal, refusal]);
  });

  test('one byte too many is refused with 413 and an error for the caller; the environment lives on', async (t) => {
    const code = packageOf(t, {
      bootstrap: `#!/bin/bash
        api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
        while true; do
          event=$(curl -sS --fail -D /tmp/headers "$api/next")
          id=$(sed -n 's/^lambda-runtime-aws-request-id: \\(.*\\)\\r$/\\1/Ip' /tmp/headers)
          head -c "$event" /dev/zero | tr '\\0' 7 | curl -sS -w ' %{http_code}\\n' --data-binary @- "$api/$id/response"
        done`,
    });
    const one = await runThaw(t, [code, ...event(6291557), '--invocations', '2', '--timeout', '10']);
    expectStatus(one, 1);
    const failed = [
      'runtimeDone error Function.ResponseSizeTooLarge',
      'report error Function.ResponseSizeTooLarge',
    ];
    assert.deepEqual(one.story, [...init('init'), 'start', ...failed, 'start', ...failed]);
    for (const { payload } of one.results) {
      assert.deepEqual(payload, {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage:
          'Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes).',
      });
    }
    const told413 =
      '{"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).","errorType":"RequestEntityTooLarge"} 413';
    assert.deepEqual(one.told.lines('function'), [told413, told413]);
  });

  test('the largest answer allowed arrives whole', async (t) => {
    const ended = await runThaw(t, [functionCode('answers-too-much'), ...event({ bytes: 6291556 })]);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload.length, 6291556 - 2);
    assert.equal(ended.told.records('platform.runtimeDone')[0]?.metrics?.producedBytes, 6291556);
  });

  test('a stream is collected; one that fails midway is an error', async (t) => {
    const whole = await runThaw(t, [functionCode('streams')]);
    expectStatus(whole, 0);
    const { payload, payloadEncoding, streamed, contentType } = whole.results[0]!;
    assert.deepEqual(
      [payload, payloadEncoding, streamed, contentType],
      ['xxxxxxxxx\n'.repeat(3), 'utf8', true, 'text/plain'],
    );
    const cut = await runThaw(t, [functionCode('streams'), ...event({ failAfter: 1 })]);
    expectStatus(cut, 1);
    assert.equal(cut.results[0]?.payload.errorMessage, 'failed after 1 chunks');
  });

  test('an error that brings its X-Ray cause along: the caller gets it without; no JSON is no error body', async (t) => {
    const code = packageOf(t, {
      bootstrap: `#!/bin/bash
        api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
        while body=$(curl -sS --fail -D /tmp/headers "$api/next"); do
          id=$(sed -n 's/^lambda-runtime-aws-request-id: \\(.*\\)\\r$/\\1/Ip' /tmp/headers)
          [ ! -e /tmp/second ] || body="{no JSON"
          touch /tmp/second
          curl -sS -w ' %{http_code}\\n' -H 'Content-Type: application/vnd.aws.lambda.error.cause+json' \\
            -H 'Lambda-Runtime-Function-Error-Type: Runtime.Refused' --data-binary "$body" "$api/$id/error"
        done`,
    });
    const error = { errorMessage: 'no stock', errorType: 'Refused', stackTrace: ['a', 'b'] };
    const errorCause = { working_directory: '/var/task', exceptions: [], paths: ['/var/task/a.js'] };
    const ended = await runThaw(t, [code, ...event({ ...error, errorCause }), '--invocations', '2']);
    expectStatus(ended, 1);
    assert.deepEqual(
      ended.results.map(({ payload, contentType }) => [payload, contentType]),
      [
        [error, 'application/json'],
        ['Invalid error body', 'application/json'],
      ],
    );
    assert.deepEqual(ended.told.lines('function'), ['{"status":"OK"} 202', '{"status":"OK"} 202']);
  });

  test('asked again before it answers, the same event is given again', async (t) => {
    const ended = await runThaw(t, [functionCode('repeated-next'), ...event({ n: 1 })]);
    expectStatus(ended, 0);
    const { requestId, payload } = ended.results[0]!;
    assert.deepEqual(payload, { ids: [requestId, requestId], events: [{ n: 1 }, { n: 1 }] });
    // Its poll is still open when it is killed; it does not get to see it torn off.
    assert.deepEqual(ended.told.lines('function'), []);
  });
});

describe('memory', { concurrency: 2 }, () => {
  test('too much of it: killed by signal, near the limit, and said in words', async (t) => {
    const ended = await runThaw(t, [functionCode('eats-memory'), '--timeout', '20']);
    expectStatus(ended, 3);
    assert.match(ended.results[0]?.payload.errorMessage, /Error: Runtime exited with error: signal: killed$/);
    assert.match(
      ended.stderr,
      /OOM killer ended \d+ process\(es\): .* needed more than 128 MiB; give the function more memory/,
    );
    const { maxMemoryUsedMB, memorySizeMB } = ended.told.records('platform.report')[0]!.metrics!;
    assert.equal(memorySizeMB, 128);
    assert.ok(maxMemoryUsedMB! >= 120 && maxMemoryUsedMB! <= 128, `${maxMemoryUsedMB} MB`);
  });

  test('what is used is reported', async (t) => {
    const args = [...event({ MiB: 160 }), '--memory', '512', '--timeout', '20'];
    const ended = await runThaw(t, [functionCode('eats-memory'), ...args]);
    expectStatus(ended, 0);
    const { maxMemoryUsedMB } = ended.told.records('platform.report')[0]!.metrics!;
    assert.ok(maxMemoryUsedMB! >= 160 && maxMemoryUsedMB! < 300, `${maxMemoryUsedMB} MB`);
  });
});
