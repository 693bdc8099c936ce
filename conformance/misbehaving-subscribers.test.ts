import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createReadStream, existsSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, type TestContext, test } from 'node:test';
import { functionCode, packageDirectory } from './support/packages.ts';
import { type Ended, expectStatus, startThaw, thaw } from './support/run-thaw.ts';
import {
  brief,
  type Delivery,
  deliveries,
  events,
  recordsDropped,
  type SubscriberOptions,
  type Wanted,
  withSubscriber,
} from './support/subscribers.ts';

const invocations = 5;
const port = 4243;
const types = ['platform', 'function'] as const;
/** A run takes about 100; with the flood below, all of it held, it would be 240 at the least. */
const maxThawMiB = 220;

/** The function works a while in every invocation, and never fails. */
async function runWith(
  t: TestContext,
  wanted: Omit<Wanted, 'port'>,
  options: SubscriberOptions = {},
  code: readonly string[] = [functionCode('sleeps'), '--event', '{"ms":60}'],
): Promise<Ended> {
  const ended = await runMeasured(t, [
    ...code,
    ...['--invocations', String(invocations)],
    ...withSubscriber([{ port, types, buffering: { timeoutMs: 25 }, ...wanted }], options),
  ]);
  expectStatus(ended, 0);
  assert.deepEqual(
    ended.results.map(({ status }) => status),
    Array(invocations).fill('success'),
  );
  return ended;
}

/** Sees that the high-water mark of Thaw's memory stays below the bound, without the log store's own buffers. */
async function runMeasured(t: TestContext, args: readonly string[]): Promise<Ended> {
  const run = await startThaw(t, ['--json', '--no-timeline', '--no-log-store', '--timeout', '20', ...args]);
  let [reports, kiB] = [0, 0];
  await run.until(({ type }) => {
    // After each: what is told last may be read when it has ended.
    if (type === 'platform.report') kiB = Math.max(kiB, highWaterKiB(run.pid));
    return type === 'platform.report' && ++reports === invocations;
  });
  const ended = await run.ended;
  t.diagnostic(`Thaw took ${Math.round(kiB / 1024)} MiB at most`);
  assert.ok(kiB > 0 && kiB < maxThawMiB * 1024, `Thaw took ${kiB} KiB`);
  return ended;
}

/** The most memory it has taken so far; 0 where it is gone. */
function highWaterKiB(pid: number): number {
  if (!existsSync(`/proc/${pid}/status`)) return 0;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}

/** Everything the subscriber was owed came, in order, at least once. */
function expectWhole(ended: Ended): Delivery[] {
  const all = deliveries(ended);
  const accepted = all.filter(({ status }) => status === 200);
  const got = [...new Set(events(accepted, port, '2022-12-13').map(brief))];
  const owed = ended.told.all
    .filter(({ type }) => type.startsWith('platform.') || type === 'function')
    .map((event) => brief(event as never));
  assert.deepEqual(got, owed);
  assert.equal(recordsDropped(ended), 0);
  return all;
}

describe('a telemetry subscriber', { concurrency: 2 }, () => {
  test('that listens 300 ms after it subscribed gets everything', async (t) => {
    expectWhole(
      await runWith(t, { mode: 'listens-late' }, {}, [functionCode('sleeps'), '--event', '{"ms":200}']),
    );
  });

  test('that takes one connection at a time and binds again gets everything', async (t) => {
    expectWhole(await runWith(t, { mode: 'one-connection' }));
  });

  test('that answers 500 gets the same batch again until it takes it', async (t) => {
    const all = expectWhole(await runWith(t, { mode: 'answers-500' }));
    const first = all.slice(0, 4);
    assert.deepEqual(
      first.map(({ status }) => status),
      [500, 500, 500, 200],
    );
    for (const { body } of first) assert.deepEqual(body, first[0]?.body);
  });

  test('that never answers its first batch gets it again, and everything after it', async (t) => {
    // Longer than an answer is waited for: what is sent again only at the end may come too late on a busy machine.
    const code = [functionCode('sleeps'), '--event', '{"ms":2600}'];
    const [first, second] = expectWhole(await runWith(t, { mode: 'swallows-one' }, {}, code));
    assert.deepEqual(second?.body, first?.body);
  });

  test('that answers only after its own next does not hold up its own next', async (t) => {
    const ended = await runWith(t, { mode: 'after-next' });
    assert.ok(deliveries(ended).length >= 2);
    // What it got and had not answered at the end counts as lost.
    assert.ok(missing(ended) <= recordsDropped(ended), `${missing(ended)} are missing`);
  });

  test('that speaks HTTP/1.0 gets everything', async (t) => {
    const ended = await runWith(t, { mode: 'http-1.0' });
    const all = expectWhole(ended);
    for (const { head } of all) assert.match(head ?? '', /^POST \/from-lambda\?a=b HTTP\/1\.1\r\n/);
  });

  test('that holds its next until the end of the invocation was delivered has it in time', async (t) => {
    const ended = await runWith(t, {}, { holds: true });
    expectWhole(ended);
    for (const report of ended.told.records('platform.report')) {
      const overhead = report.spans?.find(({ name }) => name === 'extensionOverhead')?.durationMs ?? 0;
      // Without the delivery it would have held until the timeout of 20 s.
      assert.ok(overhead < 10_000, `it waited ${overhead} ms`);
    }
  });

  for (const mode of ['never-answers', 'drops']) {
    test(`that ${mode.replace('-', ' ')} loses everything, is told so, and holds nobody up`, async (t) => {
      const ended = await runWith(t, { mode, types: ['function'] }, {}, [functionCode('echo')]);
      assert.equal(recordsDropped(ended), ended.told.lines('function').length);
      const [, ...others] = new Set(deliveries(ended).map(({ body }) => body.toString()));
      assert.deepEqual(others, [], 'another batch before the first was taken');
    });
  }

  test('that is stuck while 1,000,000 lines come costs a bounded amount of memory, and every line is counted', async (t) => {
    const [lines, invocations] = [20_000, 50];
    const file = path.join(packageDirectory(t), 'told');
    const told = openSync(file, 'w');
    const args = [
      ...['run', functionCode('writes-lines'), '--event', JSON.stringify({ lines }), '--timeout', '20'],
      ...['--invocations', String(invocations), '--json', '--no-timeline', '--no-log-store'],
      ...withSubscriber([{ port, mode: 'never-answers', types: ['function'] }]),
    ];
    // Into a file: where a reader cannot keep up, Thaw holds what was not read yet.
    const child = spawn(thaw, args, { stdio: ['ignore', told, 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    const ended = once(child, 'exit');
    let highestKiB = 0;
    const watch = setInterval(() => {
      highestKiB = Math.max(highestKiB, highWaterKiB(child.pid!));
    }, 50);
    assert.deepEqual(await ended.finally(() => clearInterval(watch)), [0, null]);
    closeSync(told);
    t.diagnostic(`Thaw took ${Math.round(highestKiB / 1024)} MiB at most`);
    assert.ok(highestKiB > 0 && highestKiB < maxThawMiB * 1024, `Thaw took ${highestKiB} KiB`);
    let [written, dropped] = [0, 0];
    for await (const line of createInterface({ input: createReadStream(file) })) {
      if (line.includes('"type":"function"')) written += 1;
      else if (line.includes('"type":"platform.logsDropped"'))
        dropped += JSON.parse(line).record.droppedRecords;
    }
    assert.deepEqual([written, dropped], [lines * invocations, lines * invocations]);
  });

  test('that prints each batch it gets, its own output in it, ends as any other', async (t) => {
    const loop = { mode: 'loops', types: ['platform', 'function', 'extension'] as const };
    const ended = await runWith(t, loop);
    assert.ok(ended.told.lines('extension').some((line) => line.startsWith('[{"time":')));
  });
});

/** Of what the subscriber was owed, how much it never saw. */
function missing(ended: Ended): number {
  const got = new Set(events(deliveries(ended), port, '2022-12-13').map(brief));
  const owed = ended.told.all.filter(({ type }) => /^(platform\.(?!logsDropped)|function$)/.test(type));
  return owed.filter((event) => !got.has(brief(event as never))).length;
}
