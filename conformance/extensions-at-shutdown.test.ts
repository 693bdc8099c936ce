import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bashExtensions, extensions, functionCode, packageOf } from './support/packages.ts';
import { expectStatus, runThaw, runThawAsText } from './support/run-thaw.ts';

const echo = [functionCode('echo')];
const sawSigterm = (stdout: readonly string[]) => stdout.some((line) => line.includes('runtime got SIGTERM'));

describe('an extension at the end of the environment', { concurrency: 2 }, () => {
  test('that ignores SHUTDOWN and SIGTERM is killed when the budget is spent, and that is said', async (t) => {
    const ended = await runThaw(t, [...echo, ...extensions('ignores-shutdown')]);
    // The invocation was fine: a rude end is no failure of it.
    expectStatus(ended, 0);
    assert.equal(ended.story.at(-1), 'report success');
    assert.ok(ended.told.lines('extension').includes('ignores-shutdown: ignoring SHUTDOWN'));
    assert.match(
      ended.stderr,
      /extension ignores-shutdown got SHUTDOWN but did not exit within its budget and was killed/,
    );
  });

  test('has what is left of 2,000 ms, and its deadline says so', async (t) => {
    const layers = bashExtensions(t, {
      measures: `register '["SHUTDOWN"]'; event=$(next); echo "$event at $(date +%s%3N)"`,
    });
    const ended = await runThaw(t, [...echo, ...layers]);
    expectStatus(ended, 0);
    const [, deadlineMs, nowMs] =
      /"deadlineMs":(\d+).* at (\d+)$/.exec(ended.told.lines('extension')[0] ?? '') ?? [];
    const leftMs = Number(deadlineMs) - Number(nowMs);
    assert.ok(leftMs > 0 && leftMs <= 2000, `${leftMs} ms left`);
  });

  test('that asks for another event after SHUTDOWN gets no answer at all', async (t) => {
    const layers = bashExtensions(t, {
      'asks-again': `
        register '["SHUTDOWN"]'; next >/dev/null
        echo "then: $(curl -sS --max-time 0.3 -w '%{http_code}' -H "Lambda-Extension-Identifier: $id" "$api/event/next" 2>&1)"`,
    });
    const ended = await runThaw(t, [...echo, ...layers]);
    assert.match(ended.told.lines('extension').join('\n'), /then: .*(timed out|Timeout).*000/s);
  });

  test('that exits with an error then is no crash', async (t) => {
    const layers = bashExtensions(t, { grumbles: `register '["SHUTDOWN"]'; next >/dev/null; exit 5` });
    const ended = await runThaw(t, [...echo, ...layers]);
    expectStatus(ended, 0);
    assert.doesNotMatch(ended.stderr, /grumbles/);
  });

  test('that did not ask for SHUTDOWN is killed without an event', async (t) => {
    const layers = bashExtensions(t, {
      'invoke-only': `register '["INVOKE"]'; while event=$(next); do echo "$event"; done; echo 'still here'`,
    });
    const ended = await runThaw(t, [...echo, ...layers]);
    expectStatus(ended, 0);
    assert.deepEqual(
      ended.told.extensionEvents.map((event) => event.eventType),
      ['INVOKE'],
    );
    assert.equal(ended.told.lines('extension').length, 1);
  });

  test('that daemonised, forked and holds its output open keeps nothing alive', async (t) => {
    const layers = [...extensions('daemonises'), ...extensions('forks-children')];
    // That nothing is left is seen by every run; here there is much that could be.
    expectStatus(await runThaw(t, [...echo, ...layers]), 0);
  });

  test('gets SHUTDOWN after the runtime is gone', async (t) => {
    const ended = await runThawAsText(t, [...echo, ...extensions('good')]);
    expectStatus(ended, 0);
    const [, runtimeMs, goodMs] = /waited for good, gone after ([\d.]+) ms \(runtime after ([\d.]+) ms\)/
      .exec(ended.stderr)!
      .map(Number);
    assert.ok(goodMs! < runtimeMs!, ended.stderr);
  });
});

describe('SIGTERM for the runtime', { concurrency: 2 }, () => {
  const code = {
    'index.js': `
      process.on('SIGTERM', () => { require('fs').writeSync(1, 'runtime got SIGTERM\\n'); process.exit(0); });
      exports.handler = async () => 'done';`,
  };

  test('comes where an external extension is registered', async (t) => {
    const ended = await runThaw(t, [packageOf(t, code), ...extensions('empty-events')]);
    expectStatus(ended, 0);
    assert.ok(sawSigterm(ended.told.lines('function')));
  });

  test('comes where an internal one without any event is all there is', async (t) => {
    const inside = packageOf(t, {
      'index.mjs': `
        import { writeSync } from 'node:fs';
        const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension';
        process.on('SIGTERM', () => { writeSync(1, 'runtime got SIGTERM\\n'); process.exit(0); });
        const registered = await fetch(api + '/register', {
          method: 'POST', headers: { 'Lambda-Extension-Name': 'inside' }, body: '{"events":null}',
        });
        const id = registered.headers.get('lambda-extension-identifier');
        fetch(api + '/event/next', { headers: { 'Lambda-Extension-Identifier': id } }).catch(() => {});
        export const handler = async () => 'done';`,
    });
    const ended = await runThaw(t, [inside]);
    expectStatus(ended, 0);
    assert.deepEqual(ended.told.records('platform.extension'), [
      { name: 'inside', state: 'Ready', events: [] },
    ]);
    assert.ok(sawSigterm(ended.told.lines('function')), ended.stdout);
  });

  test('does not come where no extension is registered', async (t) => {
    const ended = await runThaw(t, [packageOf(t, code)]);
    expectStatus(ended, 0);
    assert.ok(!sawSigterm(ended.told.lines('function')));
  });

  test('is followed by SIGKILL where the runtime ignores it, and the extensions still get SHUTDOWN', async (t) => {
    const stubborn = packageOf(t, {
      'index.js': `
        process.on('SIGTERM', () => require('fs').writeSync(1, 'runtime got SIGTERM\\n'));
        exports.handler = async () => 'done';`,
    });
    const ended = await runThaw(t, [stubborn, ...extensions('records-events')]);
    expectStatus(ended, 0);
    assert.ok(sawSigterm(ended.told.lines('function')));
    assert.equal(ended.told.extensionEvents.at(-1)?.shutdownReason, 'spindown');
  });
});
