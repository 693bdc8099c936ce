import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, type TestContext, test } from 'node:test';
import { runHostProgram } from './support/host-program.ts';
import { extensions, functionCode, packageDirectory } from './support/packages.ts';
import { expectStatus, runThaw, startThaw, thaw } from './support/run-thaw.ts';
import type { Told } from './support/told.ts';

/** A store of this test's own, and `thaw logs` over it. */
function ownStore(t: TestContext) {
  const directory = packageDirectory(t);
  const env = { THAW_HOME: directory };
  return { directory, env, logs: (...args: string[]) => runHostProgram([thaw, 'logs', ...args], { env }) };
}

const isLog = ({ type }: Told) => type === 'function' || type === 'extension';

describe('thaw logs', { concurrency: 2 }, () => {
  test('shows what a run said, and what the platform said of it', async (t) => {
    const { env, logs } = ownStore(t);
    const args = [functionCode('echo'), '--invocations', '2', ...extensions('good')];
    const ended = await runThaw(t, args, { env });
    expectStatus(ended, 0);
    const shown = await logs('echo');
    assert.equal(shown.status, 0, shown.stderr);
    const lines = shown.stdout.trimEnd().split('\n');
    for (const { requestId } of ended.results) {
      for (const word of ['START', 'END', 'REPORT'])
        assert.equal(lines.filter((line) => line.includes(`Z ${word} RequestId: ${requestId}`)).length, 1);
    }
    const stored = (await logs('/aws/lambda/echo', '--json')).stdout.trimEnd().split('\n');
    const events = stored.map((line) => JSON.parse(line));
    for (const { record } of ended.told.all.filter(isLog))
      assert.ok(events.some(({ message }) => message === record));
    const [{ logStreamName }] = events;
    assert.match(logStreamName, /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    const newest = await logs('echo', '--limit', '2', '--stream', logStreamName.slice(-8), '--since', '1h');
    assert.deepEqual(newest.stdout.trimEnd().split('\n'), lines.slice(-2));
    assert.equal((await logs('echo', '--since', '2100-01-01')).stdout, '');
  });

  test('follows a run, also one that is interrupted, until Ctrl-C', async (t) => {
    const { env, logs } = ownStore(t);
    const args = ['--json', '--no-timeline', functionCode('hangs'), '--timeout', '60', ...extensions('good')];
    const run = await startThaw(t, args, { env });
    const start = await run.until(({ type }) => type === 'platform.start');
    const { requestId } = start.record as { requestId: string };
    let follower = await follow(t, env);
    // There is no such log before something of it was written.
    while (follower === undefined) follower = await follow(t, env);
    await follower.until((line) => line.includes(`START RequestId: ${requestId}`));
    await run.interrupt();
    expectStatus(await run.ended, 130);
    await follower.until((line) => line.includes(`REPORT RequestId: ${requestId}`));
    assert.equal(await follower.interrupt(), 130);
    assert.match((await logs('hangs')).stdout, new RegExp(`REPORT RequestId: ${requestId}`));
  });

  test('--no-log-store keeps nothing', async (t) => {
    const { directory, env } = ownStore(t);
    expectStatus(await runThaw(t, [functionCode('echo'), '--no-log-store'], { env }), 0);
    assert.equal(existsSync(path.join(directory, 'logs')), false);
  });

  test('names the logs there are where there is none of that name; refuses what it cannot mean', async (t) => {
    const { env, logs } = ownStore(t);
    assert.match((await logs('echo')).stderr, /no log of echo .*`thaw run` makes one/);
    expectStatus(await runThaw(t, [functionCode('echo')], { env }), 0);
    const wrong: readonly [args: string[], said: RegExp][] = [
      [['ehco'], /no log of ehco .*there is echo/],
      [['--group', 'shop'], /no log group shop .*there is echo/],
      [[], /name a function, or a log group/],
      [['echo', '--follow', '--stream', 'x'], /no log stream .*ends with x; the newest: \d{4}\//],
      [['echo', '--since', 'yesterday'], /--since yesterday: give/],
      [['echo', '--limit', '0'], /--limit 0: give/],
    ];
    for (const [args, said] of wrong) {
      const { status, stdout, stderr } = await logs(...args);
      assert.deepEqual([status, stdout], [2, ''], stderr);
      assert.match(stderr, said);
    }
  });
});

test('thaw logs says whose log it may not read, and what to do', async (t) => {
  const { directory, env } = ownStore(t);
  const root = path.join(directory, 'logs');
  mkdirSync(root, { mode: 0 });
  // A root that has to keep to the modes of files, as everybody else has.
  const kept = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'];
  const { status, stdout, stderr } = await runHostProgram([...kept, thaw, 'logs', 'echo'], { env });
  assert.deepEqual([status, stdout], [2, ''], stderr);
  assert.match(stderr, new RegExp(`^thaw: user 0 may not read ${root}: show logs as the user who ran Thaw `));
});

/** `thaw logs hangs --follow`; undefined where there is no such log. */
async function follow(t: TestContext, env: Readonly<Record<string, string>>) {
  const child = spawn(thaw, ['logs', 'hangs', '--follow'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => child.kill('SIGKILL'));
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) {
    assert.equal((await closed)[0], 2);
    return undefined;
  }
  return {
    until: async (fits: (line: string) => boolean): Promise<void> => {
      for (let line: IteratorResult<string> = first; !fits(line.value); line = await lines.next())
        assert.ok(!line.done, 'it ended before that was shown');
    },
    interrupt: async (): Promise<number> => {
      child.kill('SIGINT');
      return (await closed)[0];
    },
  };
}
