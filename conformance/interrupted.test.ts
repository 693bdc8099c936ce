import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { expectNothingLeft } from './support/left-behind.ts';
import { bashExtensions, extensions, functionCode, packageDirectory } from './support/packages.ts';
import { expectStatus, startThaw, type ThawRun, thaw } from './support/run-thaw.ts';
import { workingHost } from './support/working-host.ts';

const quiet = ['--json', '--no-timeline'];
const sleeps = (ms: number): string[] => [functionCode('sleeps'), '--event', JSON.stringify({ ms })];
const many = [...sleeps(20), '--invocations', '1000000'];

const untilInvoked = (run: ThawRun) => run.until(({ type }) => type === 'invocation.result');
const untilSaid = (run: ThawRun, text: string) =>
  run.until(({ record }) => typeof record === 'string' && record.includes(text));

describe('interrupted', { concurrency: 2 }, () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`by ${signal} between invocations: extensions get SHUTDOWN, exit status 130`, async (t) => {
      const run = await startThaw(t, [...quiet, ...many, ...extensions('good')]);
      await untilInvoked(run);
      run.kill(signal);
      const ended = await run.ended;
      expectStatus(ended, 130);
      assert.deepEqual(
        ended.told.extensionEvents.filter(({ eventType }) => eventType === 'SHUTDOWN').length,
        1,
      );
    });
  }

  test('by Ctrl-C in the middle of an invocation', async (t) => {
    const run = await startThaw(t, [
      ...quiet,
      functionCode('hangs'),
      '--timeout',
      '900',
      ...extensions('good'),
    ]);
    await run.until(({ type }) => type === 'platform.start');
    run.interrupt();
    const ended = await run.ended;
    expectStatus(ended, 130);
    assert.equal(ended.told.extensionEvents.at(-1)?.eventType, 'SHUTDOWN');
  });

  test('by Ctrl-C while it initialises', async (t) => {
    const run = await startThaw(t, [...quiet, functionCode('hangs-at-init'), ...extensions('good')]);
    await untilSaid(run, 'good: registered');
    run.interrupt();
    expectStatus(await run.ended, 130);
  });

  test('by Ctrl-C before anything runs', async (t) => {
    const run = await startThaw(t, [...quiet, ...many, ...extensions('hang-before-register')]);
    await run.until(({ type }) => type === 'platform.initStart');
    run.interrupt();
    const ended = await run.ended;
    expectStatus(ended, 130);
    assert.deepEqual(ended.results, []);
  });

  test('a second time: what ignores SHUTDOWN is killed at once', async (t) => {
    const layers = bashExtensions(t, {
      stays: `trap 'echo SIGTERM' TERM; register '["SHUTDOWN"]'; next; echo 'staying'; while true; do sleep 60 || true; done`,
    });
    const run = await startThaw(t, [...quiet, ...many, ...layers]);
    await untilInvoked(run);
    run.interrupt();
    await untilSaid(run, 'staying');
    const [, deadlineMs] = /"deadlineMs":(\d+)/.exec((await untilSaid(run, '"SHUTDOWN"')).record as string)!;
    run.interrupt();
    const ended = await run.ended;
    expectStatus(ended, 130);
    assert.ok(Date.now() < Number(deadlineMs), 'it was waited for until its budget was spent');
  });
});

describe('whoever reads goes away', { concurrency: 2 }, () => {
  test('stdout and stderr closed: the invocations are carried out, and the end is orderly', async (t) => {
    const directory = packageDirectory(t);
    const marker = randomUUID();
    const args = ['run', ...sleeps(100), '--invocations', '10', '--env', `CONFORMANCE_RUN=${marker}`];
    const child = await start(t, [thaw, ...args, ...extensions('good')], directory);
    await once(child.stdout!, 'data');
    child.stdout!.destroy();
    child.stderr!.destroy();
    const [status, signal] = await once(child, 'exit');
    assert.deepEqual([status, signal], [0, null]);
    await expectNothingLeft(child.pid!, marker);
  });

  test('a terminal closed: SHUTDOWN for the extensions, and nothing is left', async (t) => {
    const directory = packageDirectory(t);
    const marker = randomUUID();
    const args = ['run', ...many, '--env', `CONFORMANCE_RUN=${marker}`, ...extensions('good')];
    const words = [thaw, ...args].map((word) => `'${word}'`).join(' ');
    // Responses go to the terminal; what else it says is kept.
    const line = `echo $$ >pid; exec ${words} 2>said`;
    const terminal = await start(
      t,
      ['script', '--quiet', '--flush', '--command', line, '/dev/null'],
      directory,
    );
    await once(terminal.stdout!, 'data');
    terminal.kill('SIGKILL');
    const read = (name: string) => readFileSync(path.join(directory, name), 'utf8');
    await expectNothingLeft(Number(read('pid')), marker);
    assert.match(read('said'), /"eventType":"SHUTDOWN"/);
    assert.doesNotMatch(read('said'), /EIO|^ +at /m);
  });
});

async function start(t: TestContext, [file, ...args]: string[], cwd: string) {
  await workingHost();
  const child = spawn(file!, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  return child;
}
