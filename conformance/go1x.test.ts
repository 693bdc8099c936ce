import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runHostProgram } from './support/host-program.ts';
import { extensions } from './support/packages.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';

const event = (value: unknown) => ['--event', JSON.stringify(value)];

describe('go1.x, with a program of AWS’s own library that serves net/rpc', { concurrency: 2 }, async () => {
  const compiler = await runHostProgram(['go', 'version']).catch(() => undefined);
  const skip = compiler?.status === 0 ? false : 'there is no go on PATH to compile it with';
  const code = mkdtempSync(path.join(tmpdir(), 'thaw-conformance-'));
  const run = [code, '--runtime', 'go1.x', '--handler', 'main', '--timeout', '30'];
  before(async () => {
    if (skip !== false) return;
    const build = ['sh', 'conformance/fixtures/go-rpc/build.sh', code];
    const built = await runHostProgram(build, { deadlineMs: 550_000 });
    assert.equal(built.status, 0, built.stderr);
    await runHostProgram(['chmod', '755', code]);
  });
  after(() => rmSync(code, { recursive: true, force: true }));

  test('events, context and log lines, one invocation after another', { skip }, async (t) => {
    const options = '--require=/absent.js';
    const args = ['--invocations', '3', '--env', `NODE_OPTIONS=${options}`];
    const ended = await runThaw(t, [...run, ...event({ does: 'tell', size: -3 }), ...args]);
    expectStatus(ended, 0);
    for (const { requestId, payload } of ended.results) {
      const { remainingMs, trace, function: name, arn, ...rest } = payload;
      assert.deepEqual(rest, {
        event: { does: 'tell', size: -3 },
        requestId,
        executionEnv: 'AWS_Lambda_go1.x',
        nodeOptions: options,
        hasRuntimeApi: false,
      });
      assert.ok(remainingMs > 0 && remainingMs <= 30_000, String(remainingMs));
      assert.match(trace, /^Root=1-/);
      assert.ok(arn.endsWith(`:function:${name}`), arn);
    }
    assert.equal(new Set(ended.results.map(({ requestId }) => requestId)).size, 3);
    assert.deepEqual(ended.told.lines('function'), Array(3).fill('asked to tell'));
  });

  test('errors are the function’s own, and it lives on', { skip }, async (t) => {
    const ended = await runThaw(t, [...run, ...event({ does: 'fail' }), '--invocations', '2']);
    expectStatus(ended, 1);
    for (const { payload } of ended.results)
      assert.deepEqual(payload, { errorMessage: 'the order has no lines', errorType: 'errorString' });
    assert.equal(ended.story.filter((line) => line.startsWith('initStart')).length, 1);
  });

  test('a panic answers with its stack, and the environment starts again', { skip }, async (t) => {
    const ended = await runThaw(t, [...run, ...event({ does: 'panic' }), '--invocations', '2']);
    expectStatus(ended, 3);
    for (const { payload } of ended.results) {
      assert.deepEqual([payload.errorMessage, payload.errorType], ['no such shelf', 'string']);
      const frame = payload.stackTrace.find(({ label }: { label: string }) => label === 'handle');
      assert.match(frame.path, /main\.go$/);
      assert.ok(frame.line > 0);
    }
    assert.equal(ended.story.filter((line) => line.startsWith('initStart')).length, 2);
  });

  test('its exit is the runtime’s', { skip }, async (t) => {
    const ended = await runThaw(t, [...run, ...event({ does: 'exit' })]);
    expectStatus(ended, 3);
    assert.match(ended.results[0]?.payload.errorMessage, /Runtime exited with error: exit status 7$/);
  });

  test('payloads of megabytes pass whole', { skip }, async (t) => {
    const size = 5 * 1024 * 1024;
    const ended = await runThaw(t, [...run, ...event({ does: 'large', size })]);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload, 'x'.repeat(size));
  });

  test('a handler that is not there is an init error', async (t) => {
    const ended = await runThaw(t, [...run.slice(0, 3), '--handler', 'absent']);
    expectStatus(ended, 3);
    assert.deepEqual(ended.results[0]?.payload, {
      errorMessage: 'fork/exec /var/task/absent: no such file or directory',
      errorType: 'PathError',
    });
  });

  test('extensions are not started, and one line says so', { skip }, async (t) => {
    const ended = await runThaw(t, [
      ...run,
      ...event({ does: 'tell' }),
      ...extensions('good', 'records-events'),
    ]);
    expectStatus(ended, 0);
    assert.deepEqual(ended.told.records('platform.extension'), []);
    const warnings = ended.stderr.split('\n').filter((line) => line.includes('extension'));
    assert.equal(warnings.length, 1, ended.stderr);
    assert.match(warnings[0]!, /go1\.x has no extensions.*good, records-events in .* are not started/);
  });
});
