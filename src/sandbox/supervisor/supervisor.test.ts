import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { StartError } from '../driver.ts';
import { ensureSupervisor } from './build.ts';
import { Supervisor } from './supervisor.ts';

/** The real program, without a container around it. */
async function withSupervisor(work: (supervisor: Supervisor, pid: number) => Promise<void>): Promise<void> {
  const programs = await ensureSupervisor();
  const child = spawn(programs.supervisor, ['100'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const supervisor = new Supervisor(child.stdin, child.stdout);
  const exit = once(child, 'exit');
  await supervisor.ready;
  supervisor.pid = child.pid ?? 0;
  await work(supervisor, child.pid ?? 0);
  supervisor.end();
  assert.deepEqual(await exit, [0, null]);
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
    const attempt = () => supervisor.start({ path: '/no/such', argv: ['x'], env: {}, cwd: '/' });
    await assert.rejects(attempt(), StartError);
    const { output } = await supervisor.start({
      path: '/bin/sh',
      argv: [
        'sh',
        '-c',
        'for i in 1 2 3; do ls /proc/$PPID/fd | wc -l; done; ls /proc/$PPID/task/*/children',
      ],
      env: {},
      cwd: '/',
    });
    const first = await text(output);
    for (let i = 0; i < 100; i += 1) await assert.rejects(attempt(), { code: 'ENOENT', path: '/no/such' });
    const again = await supervisor.start({
      path: '/bin/sh',
      argv: ['sh', '-c', `ls /proc/${pid}/fd | wc -l`],
      env: {},
      cwd: '/',
    });
    assert.equal((await text(again.output)).trim(), first.split('\n')[0]);
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
