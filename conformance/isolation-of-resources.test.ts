import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, type TestContext, test } from 'node:test';
import { functionCode, packageOf } from './support/packages.ts';
import { expectStatus, runThaw, startThaw } from './support/run-thaw.ts';

const MiB = 1024 * 1024;

describe('what an environment may use', () => {
  test('processes: a fork bomb meets its limit, the host and the next invocation do not feel it', async (t) => {
    const bomb = [functionCode('fork-bomb'), '--memory', '1024', '--timeout', '300', '--invocations', '2'];
    const run = await startThaw(t, ['--json', '--no-timeline', ...bomb], { deadlineMs: 400_000 });
    await run.until(({ type }) => type === 'invocation.result');
    // The bomb lives: there is still a process to be had.
    assert.equal(execFileSync('echo', ['room'], { encoding: 'utf8' }), 'room\n');
    const ended = await run.ended;
    expectStatus(ended, 0);
    const [first, second] = ended.results.map(({ payload }) => payload);
    assert.equal(first.refusal, 'EAGAIN');
    assert.ok(first.started > 900 && first.started < 1024, `${first.started} processes`);
    assert.deepEqual(second, { started: 0, refusal: 'EAGAIN' });
  });

  for (const [sizeMiB, args] of [
    [512, []],
    [700, ['--ephemeral-storage', '700']],
  ] as const) {
    test(`/tmp: ${sizeMiB} MiB, also where memory is far less`, async (t) => {
      const ended = await runThaw(t, [functionCode('fills-tmp'), '--timeout', '300', ...args], {
        deadlineMs: 400_000,
      });
      expectStatus(ended, 0);
      const { writtenBytes, refusal } = ended.results[0]!.payload;
      assert.equal(refusal, 'ENOSPC');
      const writtenMiB = writtenBytes / MiB;
      assert.ok(writtenMiB >= sizeMiB && writtenMiB < sizeMiB * 1.05, `${writtenMiB} MiB`);
    });
  }

  test('memory: who takes more is killed, whether one process takes it or many', async (t) => {
    // Each takes 60 MiB and keeps it, one after another, so that one of them is the largest process: two are too many.
    const many = packageOf(t, {
      'index.js': `
        const { spawn } = require('child_process');
        const greedy = 'const held = Buffer.alloc(60 * 1024 * 1024, 1); console.log("held"); setInterval(() => held, 1000)';
        exports.handler = () => new Promise((resolve) => {
          const start = (left) => {
            const child = spawn(process.execPath, ['-e', greedy]).once('exit', (code, signal) => resolve({ code, signal }));
            if (left > 1) child.stdout.once('data', () => start(left - 1));
          };
          start(4);
        });`,
    });
    const ended = await runThaw(t, [many, '--timeout', '30']);
    assert.deepEqual(ended.results[0]?.payload, { code: null, signal: 'SIGKILL' }, ended.stderr);
    const { maxMemoryUsedMB } = ended.told.records('platform.report')[0]?.metrics ?? {};
    assert.ok(maxMemoryUsedMB! > 100 && maxMemoryUsedMB! <= 128, `${maxMemoryUsedMB} MB`);
  });

  test('descriptors: 1,024 of them', async (t) => {
    const code = packageOf(t, {
      'index.js': `
        const fs = require('fs');
        exports.handler = async () => {
          const held = [];
          try { for (;;) held.push(fs.openSync('/dev/null')); } catch (error) {
            for (const fd of held) fs.closeSync(fd);
            return { highest: Math.max(...held), refusal: error.code };
          }
        };`,
    });
    const ended = await runThaw(t, [code]);
    expectStatus(ended, 0);
    assert.deepEqual(ended.results[0]?.payload, { highest: 1023, refusal: 'EMFILE' });
  });
});

interface Share {
  /** CPUs' worth of time; null: all there is. */
  readonly cpus: number | null;
  /** Periods in which it had to wait for the next one. */
  readonly throttled: number;
}

describe('CPU time', { concurrency: 2 }, () => {
  test('with --cpu lambda is in proportion to memory, and no more is given', async (t) => {
    for (const memoryMiB of [256, 1769, 3538]) {
      const { cpus, throttled } = await share(t, ['--cpu', 'lambda', '--memory', String(memoryMiB)]);
      assert.ok(Math.abs(cpus! - memoryMiB / 1769) < 0.001, `${memoryMiB} MiB: ${cpus} CPUs`);
      if (memoryMiB < 1769) assert.ok(throttled > 0, `${memoryMiB} MiB: never throttled`);
    }
  });

  test('is all of the host without it', async (t) => {
    assert.deepEqual(await share(t, ['--memory', '256']), { cpus: null, throttled: 0 });
  });
});

/** What the kernel says of a function that uses 300 ms of CPU time. */
async function share(t: TestContext, args: readonly string[]): Promise<Share> {
  const code = packageOf(t, {
    'index.js': `
      const fs = require('fs');
      const read = (...files) => fs.readFileSync(files.find((file) => fs.existsSync(file)), 'utf8').trim();
      const root = '/sys/fs/cgroup';
      const group = fs.existsSync(root + '/cpu') ? root + '/cpu' : root + '/cpu,cpuacct';
      const v2 = fs.existsSync(root + '/cpu.max');
      exports.handler = async () => {
        const start = process.cpuUsage();
        for (let used = 0; used < 300000; ) {
          const { user, system } = process.cpuUsage(start);
          used = user + system;
        }
        const [quota, period] = v2
          ? read(root + '/cpu.max').split(' ')
          : [read(group + '/cpu.cfs_quota_us'), read(group + '/cpu.cfs_period_us')];
        const stat = read(root + '/cpu.stat', group + '/cpu.stat');
        const throttled = /^nr_throttled (\\d+)$/m.exec(stat);
        return {
          cpus: quota === 'max' || quota === '-1' ? null : quota / period,
          throttled: throttled === null ? 0 : Number(throttled[1]),
        };
      };`,
  });
  const ended = await runThaw(t, [code, '--timeout', '30', ...args]);
  expectStatus(ended, 0);
  return ended.results[0]?.payload;
}
