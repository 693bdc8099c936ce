import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { madeBy } from './support/left-behind.ts';
import { bashExtensions, extensions, functionCode } from './support/packages.ts';
import { type Ended, expectStatus, startThaw } from './support/run-thaw.ts';
import type { Told } from './support/told.ts';

const json = ['--json', '--no-timeline'];
const line = (text: string) => (told: Told) => typeof told.record === 'string' && told.record.includes(text);
const told = (type: string) => (event: Told) => event.type === type;
const shutdowns = (ended: Ended) =>
  ended.told.extensionEvents
    .filter((event) => event.eventType === 'SHUTDOWN')
    .map((event) => event.shutdownReason);

/** Where the environment can be held up for an interrupt to come. That nothing is left is seen by every run. */
const phases = [
  {
    phase: 'Extension init',
    args: [functionCode('echo'), ...extensions('records-events'), ...extensions('hang-before-register')],
    until: line('waiting for a backend'),
    // Whether the other one has registered by then is its own affair.
    told: undefined,
  },
  {
    phase: 'Function init',
    args: [functionCode('hangs-at-init'), ...extensions('records-events')],
    until: line('hanging'),
    told: ['spindown'],
  },
  {
    phase: 'Invoke',
    args: [functionCode('hangs'), '--timeout', '60', '--invocations', '5', ...extensions('records-events')],
    until: told('platform.start'),
    told: ['spindown'],
  },
  {
    phase: 'Reset',
    args: [functionCode('hangs'), '--timeout', '1', '--invocations', '5', ...extensions('ignores-shutdown')],
    until: line('ignoring SHUTDOWN'),
    told: ['timeout'],
  },
  {
    phase: 'Shutdown',
    args: [functionCode('echo'), ...extensions('ignores-shutdown')],
    until: line('ignoring SHUTDOWN'),
    told: ['spindown'],
  },
];

describe('Ctrl-C once: an orderly end', { concurrency: 2 }, () => {
  for (const { phase, args, until, told: reasons } of phases) {
    test(`in ${phase}`, async (t) => {
      const run = await startThaw(t, [...json, ...args]);
      await run.until(until);
      await run.interrupt();
      const ended = await run.ended;
      expectStatus(ended, 130);
      if (reasons) assert.deepEqual(shutdowns(ended), reasons);
      // No further invocation was begun.
      assert.ok(ended.told.records('platform.start').length <= 1);
    });
  }

  test('in a suppressed Init: the invocation that waited for it gets its answer', async (t) => {
    const layers = bashExtensions(t, {
      'hangs-later': `if [ ! -e /tmp/tried ]; then touch /tmp/tried; exit 1; fi; echo hanging; exec sleep infinity`,
    });
    const run = await startThaw(t, [...json, functionCode('echo'), '--timeout', '60', ...layers]);
    await run.until(line('hanging'));
    await run.interrupt();
    const ended = await run.ended;
    expectStatus(ended, 130);
    assert.equal(ended.results[0]?.errorType, 'Sandbox.Failure');
    assert.match(ended.results[0]?.errorMessage ?? '', /was shut down before this was finished/);
    assert.match(ended.stderr, /^thaw: the environment was shut down before this was finished$/m);
    assert.equal(ended.story.at(-1), 'report failure Sandbox.Failure');
  });

  test('in an invocation: every event of it is told to its end', async (t) => {
    const run = await startThaw(t, [...json, functionCode('hangs'), '--timeout', '60']);
    await run.until(told('platform.start'));
    await run.interrupt();
    const ended = await run.ended;
    assert.deepEqual(ended.story.slice(3), [
      'start',
      'runtimeDone failure Sandbox.Failure',
      'report failure Sandbox.Failure',
    ]);
    assert.equal(ended.results[0]?.status, 'failure');
  });

  test('before there is an environment: none is made, and what was made for it is given back', async (t) => {
    // It hangs: an interrupt that a busy machine brings late finds no answer that was given already.
    const run = await startThaw(t, [functionCode('hangs-at-init')]);
    const deadlineMs = performance.now() + 60_000;
    while (madeBy(run.pid).length === 0 && performance.now() < deadlineMs) await sleep(1);
    await run.interrupt();
    const ended = await run.ended;
    expectStatus(ended, 130);
    assert.equal(ended.stdout, '');
  });

  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    test(`${signal} to thaw is the same`, async (t) => {
      const run = await startThaw(t, [
        ...json,
        functionCode('hangs'),
        '--timeout',
        '60',
        ...extensions('records-events'),
      ]);
      await run.until(told('platform.start'));
      run.kill(signal);
      const ended = await run.ended;
      expectStatus(ended, 130);
      assert.deepEqual(shutdowns(ended), ['spindown']);
    });
  }
});

describe('Ctrl-C twice: the end at once', { concurrency: 2 }, () => {
  for (const { phase, args, until } of phases) {
    test(`in ${phase}`, async (t) => {
      const run = await startThaw(t, [...json, ...args]);
      await run.until(until);
      await run.interrupt();
      await run.interrupt();
      const ended = await run.ended;
      expectStatus(ended, 130);
      // Nobody was given the time that is an extension's due.
      assert.doesNotMatch(ended.stderr, /within its budget/);
    });
  }

  test('the second one cuts the extensions’ budget short', async (t) => {
    const args = [functionCode('hangs'), '--timeout', '60', ...extensions('ignores-shutdown')];
    const run = await startThaw(t, [...json, ...args]);
    await run.until(told('platform.start'));
    await run.interrupt();
    await run.until(line('ignoring SHUTDOWN'));
    await run.interrupt();
    const ended = await run.ended;
    expectStatus(ended, 130);
    // It was not the budget that ran out.
    assert.doesNotMatch(ended.stderr, /within its budget/);
    assert.deepEqual(shutdowns(ended), ['spindown']);
  });
});

test('a reader that goes away (thaw … | head) does not keep the environment from its orderly end', async (t) => {
  const run = await startThaw(t, [
    ...json,
    functionCode('sleeps'),
    '--event',
    '{"ms":200}',
    ...extensions('good'),
  ]);
  await run.until(told('platform.start'));
  run.closeStdout();
  expectStatus(await run.ended, 0);
});
