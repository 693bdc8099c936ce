import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { DoomedThaw } from './support/doomed-thaw.ts';
import { expectNothingLeft } from './support/left-behind.ts';
import { extensions, functionCode } from './support/packages.ts';
import { randomFrom } from './support/random-from.ts';
import { expectStatus, runThaw, startThaw } from './support/run-thaw.ts';
import type { PlatformRecord, Told } from './support/told.ts';

const seed = Number(process.env.THAW_TEST_SEED ?? 20_260_101);
const rounds = 6;

interface Moment {
  readonly args: readonly string[];
  /** What is told when the moment comes; undefined: nothing is told before. */
  readonly from?: (told: Told) => boolean;
  /** The kill falls at random into this stretch of time after it. */
  readonly withinMs: number;
}

const is = (type: string, status?: string) => (told: Told) =>
  told.type === type && (status === undefined || (told.record as PlatformRecord).status === status);
const good = extensions('good');
const sleeps = (ms: number): string[] => [functionCode('sleeps'), '--event', JSON.stringify({ ms })];
const says = (text: string) => (told: Told) => typeof told.record === 'string' && told.record.includes(text);

const moments: Readonly<Record<string, Moment>> = {
  boot: { args: [functionCode('hangs'), ...good], withinMs: 350 },
  init: {
    args: [functionCode('hangs-at-init'), ...good],
    from: is('platform.initStart'),
    withinMs: 150,
  },
  invoke: { args: [functionCode('hangs'), ...good], from: is('platform.start'), withinMs: 60 },
  // Frozen for a moment after each of very many.
  frozen: {
    args: [...sleeps(0), '--invocations', '100000', ...good],
    from: is('platform.report'),
    withinMs: 60,
  },
  reset: {
    args: [functionCode('hangs'), '--timeout', '1', '--invocations', '100', ...good],
    from: is('platform.report', 'timeout'),
    withinMs: 120,
  },
  shutdown: {
    args: [...sleeps(0), ...extensions('ignores-shutdown')],
    from: says('ignoring SHUTDOWN'),
    // Well before its two seconds are over: the kill may come late.
    withinMs: 800,
  },
};

test(`kill -9 at any moment harms no other Thaw, and the next start reaps what was left (seed ${seed})`, async (t) => {
  const random = randomFrom(seed);
  const neighbour = await startThaw(
    t,
    [
      // What is to fail is what a kill breaks off, not what a busy machine takes its time for.
      ...['--json', '--no-timeline', '--invocations', '1000000', '--timeout', '60'],
      ...sleeps(20),
      ...extensions('good', 'binds-port'),
    ],
    // It lives as long as all that is killed beside it.
    { deadlineMs: 500_000 },
  );
  await neighbour.until(is('invocation.result'));

  const killed: DoomedThaw[] = [];
  const kill = async (name: string, { args, from, withinMs }: Moment): Promise<void> => {
    const doomed = new DoomedThaw(args);
    killed.push(doomed);
    if (from !== undefined) await doomed.until(from);
    await pause(random() * withinMs);
    assert.ok(await doomed.kill(), `thaw had ended before it was killed (${name})`);
  };
  // Two at a time, so that one starts, and reaps, while the other dies.
  for (let round = 0; round < rounds; round += 1) {
    const order = Object.entries(moments).sort(() => random() - 0.5);
    const queue = order.map(
      ([name, moment]) =>
        () =>
          kill(name, moment),
    );
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next();
    };
    await Promise.all([worker(), worker()]);
  }
  assert.equal(killed.length, rounds * Object.keys(moments).length);

  expectStatus(await runThaw(t, [functionCode('echo'), ...good]), 0);
  for (const { pid, marker } of killed) await expectNothingLeft(pid, marker);

  await neighbour.interrupt();
  const ended = await neighbour.ended;
  expectStatus(ended, 130);
  assert.equal(ended.told.records('platform.initStart').length, 1);
  assert.ok(ended.results.length > killed.length, `${ended.results.length} invocations meanwhile`);
  for (const { status, errorMessage } of ended.results.slice(0, -1))
    assert.equal(status, 'success', errorMessage);
});
