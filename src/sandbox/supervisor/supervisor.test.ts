import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { StartError } from '../driver.ts';
import { ensureSupervisor } from './build.ts';
import { Supervisor } from './supervisor.ts';

interface Holdings {
  descriptors: string[];
  children: string;
}

function holdings(pid: number): Holdings {
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`),
    children: readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'),
  };
}

/** The real program, without a container around it. */
async function withSupervisor(work: (supervisor: Supervisor, pid: number) => Promise<void>): Promise<void> {
  const programs = await ensureSupervisor();
  const child = spawn(programs.supervisor, ['100'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const supervisor = new Supervisor(child.stdin, child.stdout);
  const exit = once(child, 'exit');
  try {
    await supervisor.ready;
    supervisor.pid = child.pid ?? 0;
    await work(supervisor, child.pid ?? 0);
    supervisor.end();
    assert.deepEqual(await exit, [0, null]);
  } finally {
    // One that outlived a failed test would keep this file's process from ending.
    child.kill('SIGKILL');
  }
}

test('many at once, a large environment, exact ends', () =>
  withSupervisor(async (supervisor) => {
    const big = 'x'.repeat(100_000);
    const runs = Array.from({ length: 50 }, async (_, i) => {
      const spec = {
        path: '/bin/sh',
        argv: ['sh', '-c', `printf %s "$BIG"; exit ${i}`],
        env: { BIG: big },
        cwd: '/',
      };
      const { exited, output } = await supervisor.start(spec);
      return { status: await exited, length: (await text(output)).length };
    });
    assert.deepEqual(
      await Promise.all(runs),
      runs.map((_, i) => ({ status: { code: i }, length: big.length })),
    );
  }));

test('a failed start leaves no descriptor and no process behind', () =>
  withSupervisor(async (supervisor, pid) => {
    const atRest = holdings(pid);
    for (let i = 0; i < 100; i += 1) {
      await assert.rejects(
        supervisor.start({ path: '/no/such', argv: ['x'], env: {}, cwd: '/' }),
        (error: unknown) =>
          error instanceof StartError && error.code === 'ENOENT' && error.path === '/no/such',
      );
    }
    const { exited, output } = await supervisor.start({
      path: '/bin/true',
      argv: ['true'],
      env: {},
      cwd: '/',
    });
    await text(output);
    await exited;
    // It may still be tidying up after the last one when it has told of its end.
    const deadline = performance.now() + 10_000;
    while (!isDeepStrictEqual(holdings(pid), atRest) && performance.now() < deadline) await setTimeout(1);
    assert.deepEqual(holdings(pid), atRest);
  }));

test('a start that cannot be sent is refused, and the supervisor lives on', () =>
  withSupervisor(async (supervisor) => {
    await assert.rejects(supervisor.start({ path: '/bin/sh', argv: ['a\0'], env: {}, cwd: '/' }), /NUL/);
    await assert.rejects(
      supervisor.start({ path: '/bin/sh', argv: ['x'.repeat(3_000_000)], env: {}, cwd: '/' }),
      {
        code: 'E2BIG',
      },
    );
    const { exited } = await supervisor.start({ path: '/bin/true', argv: ['true'], env: {}, cwd: '/' });
    assert.deepEqual(await exited, { code: 0 });
  }));

test('an argument list of its own making ends the supervisor: it obeys nobody but us', async () => {
  const { supervisor: path } = await ensureSupervisor();
  for (const bytes of [
    [1, 0, 0, 0, 0x3f],
    [0, 0, 0, 0],
    [255, 255, 255, 255, 0x53],
    [13, 0, 0, 0, 0x53, 1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0],
  ]) {
    const child = spawn(path, ['100'], { stdio: ['pipe', 'ignore', 'inherit'] });
    child.stdin.write(Buffer.from(bytes));
    assert.deepEqual(await once(child, 'exit'), [70, null]);
  }
});
