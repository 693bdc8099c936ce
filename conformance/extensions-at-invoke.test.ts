import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bashExtensions, extensions, functionCode } from './support/packages.ts';
import { scriptArguments } from './support/run-script.ts';
import { expectStatus, runThaw, runThawAsText } from './support/run-thaw.ts';

const echo = [functionCode('echo')];
const healthyInit = (name: string) => [
  'initStart init',
  'initRuntimeDone init success',
  `extension ${name} Ready`,
  'initReport init success',
];

describe('an extension during an invocation', { concurrency: 2 }, () => {
  test('gets INVOKE with every field, the same request id as everywhere, and never the event itself', async (t) => {
    const args = ['--event', '{"secret":"s3cr3t"}', '--name', 'orders', '--region', 'eu-west-1'];
    const ended = await runThaw(t, [functionCode('bash-echo'), ...args, ...extensions('records-events')]);
    expectStatus(ended, 0);
    const [invoke, shutdown] = ended.told.extensionEvents as Record<string, unknown>[];
    const { requestId } = ended.results[0]!;
    const { deadlineMs, tracing, ...rest } = invoke!;
    assert.deepEqual(rest, {
      eventType: 'INVOKE',
      requestId,
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders',
    });
    assert.ok(Number.isInteger(deadlineMs));
    assert.equal((tracing as { type: string }).type, 'X-Amzn-Trace-Id');
    assert.match(
      (tracing as { value: string }).value,
      /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=[01]$/,
    );
    const { deadlineMs: killMs, ...farewell } = shutdown!;
    assert.deepEqual(farewell, { eventType: 'SHUTDOWN', shutdownReason: 'spindown' });
    assert.ok(Number.isInteger(killMs));
    for (const type of ['platform.start', 'platform.runtimeDone', 'platform.report'] as const) {
      assert.equal(ended.told.records(type)[0]?.requestId, requestId);
    }
  });

  test('is waited for after the answer; the wait is its own span, and part of the duration', async (t) => {
    const ended = await runThaw(t, [...echo, ...extensions('slow-on-invoke')]);
    expectStatus(ended, 0);
    const [done] = ended.told.records('platform.runtimeDone');
    const [report] = ended.told.records('platform.report');
    const overhead = report?.spans?.find((span) => span.name === 'extensionOverhead');
    const waitedMs = report!.metrics!.durationMs! - done!.metrics!.durationMs!;
    assert.ok(Math.abs(overhead!.durationMs - waitedMs) < 1, JSON.stringify(report));
    assert.ok(report!.metrics!.durationMs! >= 500, JSON.stringify(report));
    // The caller did not wait.
    const order = ended.told.all.map((told) => told.type);
    assert.ok(order.indexOf('invocation.result') < order.indexOf('platform.report'));
  });

  test('that never asks for its next event holds the invocation until the timeout; the caller had its answer', async (t) => {
    const ended = await runThaw(t, [
      ...echo,
      '--timeout',
      '6',
      '--event',
      '7',
      '--invocations',
      '2',
      ...extensions('hang-on-invoke'),
    ]);
    expectStatus(ended, 3);
    assert.deepEqual(ended.story, [
      ...healthyInit('hang-on-invoke'),
      'start',
      'runtimeDone success',
      'report timeout Sandbox.Timedout',
      'initStart invoke',
      'initRuntimeDone invoke success',
      'extension hang-on-invoke Ready',
      'initReport invoke success',
      'start',
      'runtimeDone success',
      'report timeout Sandbox.Timedout',
    ]);
    assert.deepEqual(
      ended.results.map(({ status, payload }) => [status, payload]),
      [
        ['success', 7],
        ['success', 7],
      ],
    );
    assert.match(
      ended.stderr,
      /extension hang-on-invoke did not ask for its next event after INVOKE: it held the invocation until the timeout/,
    );
    assert.match(ended.stderr, /extension hang-on-invoke never asked for its SHUTDOWN event/);
  });

  test('that exits, even with code 0, has crashed', async (t) => {
    const ended = await runThaw(t, [functionCode('hangs'), ...extensions('exit-zero-on-invoke')]);
    expectStatus(ended, 3);
    assert.deepEqual(ended.story, [
      ...healthyInit('exit-zero-on-invoke'),
      'start',
      'runtimeDone error Extension.Crash',
      'report error Extension.Crash',
    ]);
    const message = ended.results[0]?.payload.errorMessage;
    assert.match(message, /Error: exit code 0 \(extension exit-zero-on-invoke exited during an invocation/);
    assert.match(ended.stderr, /an extension has to keep running until SHUTDOWN/);
  });

  test('that is killed by a signal has crashed, and the signal is said', async (t) => {
    const layers = bashExtensions(t, { dies: `register '["INVOKE"]'; next >/dev/null; kill -SEGV $$` });
    const ended = await runThaw(t, [functionCode('hangs'), ...layers]);
    expectStatus(ended, 3);
    assert.match(
      ended.results[0]?.payload.errorMessage,
      /signal: segmentation fault \(extension dies exited/,
    );
  });

  test('that dies while it waits for its next event has crashed too', async (t) => {
    const layers = bashExtensions(t, {
      leaves: `register '["INVOKE"]'; next >/dev/null; ( sleep 0.3; kill -9 $$ ) & next >/dev/null; sleep 60`,
    });
    const ended = await runThaw(t, [functionCode('hangs'), '--timeout', '30', ...layers]);
    expectStatus(ended, 3);
    assert.ok(ended.story.includes('runtimeDone error Extension.Crash'), ended.story.join('\n'));
  });

  test('that reports exit/error retires the environment though its process lives on', async (t) => {
    const ended = await runThaw(t, [functionCode('hangs'), ...extensions('exit-error')]);
    expectStatus(ended, 3);
    assert.deepEqual(ended.story.slice(4), [
      'start',
      'runtimeDone error Extension.ExitError',
      'report error Extension.ExitError',
    ]);
    assert.match(ended.results[0]?.payload.errorMessage, /Error: Extension\.BufferLost: the buffer is gone/);
    assert.match(ended.stderr, /extension exit-error gave up: it reported .* to \/extension\/exit\/error/);
    // It is killed at once, and may or may not have told what it was answered.
    const answers = ended.told
      .lines('extension')
      .filter((line) => line.startsWith('exit-error: exit/error:'));
    for (const answer of answers) assert.equal(answer, 'exit-error: exit/error: {"status":"OK"} 202');
  });

  test('without events is woken by no invocation and not waited for', async (t) => {
    const ended = await runThaw(t, [...echo, '--invocations', '3', ...extensions('empty-events')]);
    expectStatus(ended, 0);
    assert.deepEqual(ended.told.lines('extension'), ['empty-events: registered for nothing']);
    assert.deepEqual(ended.told.records('platform.extension')[0]?.events, []);
    for (const report of ended.told.records('platform.report')) assert.equal(report.spans, undefined);
    // Its end is no crash, and nobody complains of it.
    assert.equal(ended.stderr, '');
  });

  test('whose poll went away and who lives on is found out at once', async (t) => {
    const args = ['--event', '{"ms":5000}', '--timeout', '60'];
    const ended = await runThaw(t, [functionCode('sleeps'), ...args, ...extensions('vanishing-poller')]);
    assert.match(
      ended.stderr,
      /extension vanishing-poller closed its connection while it waited for its next event, and has not asked again so far/,
    );
    assert.deepEqual(ended.results[0]?.payload, { sleptMs: 5000 });
    // Its SHUTDOWN was due, and never reached it.
    assert.match(
      ended.stderr,
      /extension vanishing-poller never asked for its SHUTDOWN event and was killed/,
    );
    assert.doesNotMatch(ended.stderr, /got SHUTDOWN/);
  });

  test('that floods its output loses no line and keeps their order', async (t) => {
    const ended = await runThaw(t, [functionCode('echo'), '--timeout', '60', ...extensions('floods-stdout')]);
    expectStatus(ended, 0);
    const lines = ended.told.lines('extension');
    assert.equal(lines.length, 10_000);
    for (const [index, line] of lines.entries()) {
      assert.equal(line, `floods-stdout: line ${index + 1} of 10000`);
    }
  });

  test('that floods without a line break is cut into records of bounded size', async (t) => {
    const layers = bashExtensions(t, {
      floods: `register '["SHUTDOWN"]'; head -c 3000000 /dev/zero | tr '\\0' x; echo; next >/dev/null`,
    });
    const ended = await runThaw(t, [...echo, ...layers]);
    expectStatus(ended, 0);
    const lines = ended.told.lines('extension');
    assert.equal(lines.join('').length, 3_000_000);
    assert.ok(lines.length > 1 && lines.every((line) => line.length <= 1024 * 1024));
  });

  test('that forks is one extension: what its children print is its own, and they outlive nothing', async (t) => {
    const ended = await runThaw(t, [...echo, '--invocations', '2', ...extensions('forks-children')]);
    expectStatus(ended, 0);
    assert.deepEqual(
      ended.told.extensionEvents.map((event) => event.eventType),
      ['INVOKE', 'INVOKE', 'SHUTDOWN'],
    );
  });

  test('that daemonises keeps its daemon from one invocation to the next, and no longer', async (t) => {
    const layers = bashExtensions(t, {
      daemon: `
        ( setsid bash -c 'trap "" TERM HUP; while true; do echo beat; echo >>/tmp/beats; sleep 0.05; done' & )
        register '["INVOKE","SHUTDOWN"]'
        while event=$(next); do case $event in *'"SHUTDOWN"'*) exit 0 ;; esac; done`,
    });
    // Each invocation lasts for two beats more.
    const script =
      'beats() { wc -l </tmp/beats; }; due=$(($(beats) + 2)); until [ $(beats) -ge $due ]; do sleep 0.02; done';
    const ended = await runThaw(t, [...scriptArguments(script), '--invocations', '2', ...layers]);
    expectStatus(ended, 0);
    const beats = ended.told.lines('extension').filter((line) => line === 'beat').length;
    assert.ok(beats >= 4, `${beats} beats`);
  });

  test('is named on stderr, line by line, where a person reads', async (t) => {
    const ended = await runThawAsText(t, [...echo, ...extensions('good')]);
    expectStatus(ended, 0);
    assert.match(ended.stderr, /^\[good\] good: registered$/m);
    assert.match(ended.stderr, /^EXTENSION\tName: good\tState: Ready\tEvents: \[INVOKE,SHUTDOWN\]$/m);
    assert.match(ended.stderr, /^good +│/m);
  });
});
