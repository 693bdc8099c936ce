import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { StartError } from '../driver.ts';
import { ensureSupervisor } from './build.ts';
import { livingUsage } from './process-usage.ts';
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
    // What outlived a failed test would keep this file's process from ending, or live on after it.
    if (child.exitCode === null) {
      for (const pid of holdings(child.pid!).children.trim().split(' ').filter(Boolean))
        process.kill(-Number(pid), 'SIGKILL');
      child.kill('SIGKILL');
    }
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
        supervisor.start({ path: '/no/such', argv: ['x'], env: {}, cwd: '/', logPipe: true }),
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
    const deadline = performance.now() + 30_000;
    while (!isDeepStrictEqual(holdings(pid), atRest) && performance.now() < deadline) await setTimeout(1);
    assert.deepEqual(holdings(pid), atRest);
  }));

test('descriptor 3 is a pipe of its own where it is asked for, and not there where not', () =>
  withSupervisor(async (supervisor) => {
    const script =
      'echo log >&3; echo out; echo err >&2; for fd in 3 4 5 6; do [ -e /proc/$$/fd/$fd ] && echo $fd; done';
    const spec = { path: '/bin/sh', argv: ['sh', '-c', script], env: {}, cwd: '/' };
    // Held descriptors change the numbers the next ones get: each way round, several times.
    const runs = Array.from({ length: 12 }, async (_, i) => {
      const logPipe = i % 3 !== 0;
      const { output, log, exited } = await supervisor.start({ ...spec, logPipe });
      const texts = await Promise.all([text(output), log && text(log)]);
      await exited;
      return { logPipe, texts };
    });
    for (const { logPipe, texts } of await Promise.all(runs)) {
      if (logPipe) assert.deepEqual(texts, ['out\nerr\n3\n', 'log\n']);
      else assert.match(texts[0], /^sh: .*3.*\nout\nerr\n$/);
    }
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
    [17, 0, 0, 0, 0x53, 1, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0],
    [21, 0, 0, 0, 0x53, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x2f, 0, 0x2f, 0],
  ]) {
    const child = spawn(path, ['100'], { stdio: ['pipe', 'ignore', 'inherit'] });
    child.stdin.write(Buffer.from(bytes));
    assert.deepEqual(await once(child, 'exit'), [70, null]);
  }
});

test('what a program used is told when it ends: its own, and that of children it waited for', () =>
  withSupervisor(async (supervisor) => {
    const sh = (script: string) =>
      supervisor.start({ path: '/bin/sh', argv: ['sh', '-c', script], env: {}, cwd: '/' });
    const idle = await sh('exit 0');
    await idle.exited;
    // 64 MiB pass through a child's memory at once, and only a child's.
    const busy = await sh('head -c 67108864 /dev/zero | dd of=/dev/null bs=64M iflag=fullblock 2>/dev/null');
    await busy.exited;
    const [little, much] = [idle.usage()!, busy.usage()!];
    assert.ok(little.maxResidentMiB > 0 && little.maxResidentMiB < 32, JSON.stringify(little));
    assert.ok(much.maxResidentMiB > 64 && much.maxResidentMiB < 128, JSON.stringify(much));
    assert.ok(much.cpuMs > little.cpuMs, JSON.stringify([little, much]));
  }));

test('what a program used is noted before it is killed with everything else', () =>
  withSupervisor(async (supervisor) => {
    // A name that would be fields of its own, were it not for the brackets around it; then 8 MiB, and CPU time in each
    // turn. All of it is the shell's own: it starts nothing after the second line, and becomes nothing else.
    const script = `printf "x) Z 1 2 3" > /proc/$$/comm
      held=$(head -c 8388608 /dev/zero | tr "\\0" x)
      while :; do i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo turn; done`;
    const spec = { path: '/bin/sh', argv: ['sh', '-c', script], env: { PATH: '/usr/bin:/bin' }, cwd: '/' };
    const spinning = await supervisor.start(spec);
    const turns = createInterface(spinning.output)[Symbol.asyncIterator]();
    await turns.next();
    assert.equal(spinning.usage(), undefined);
    supervisor.noteUsage();
    const noted = spinning.usage()!;
    assert.ok(noted.cpuMs >= 10 && noted.cpuMs % 10 === 0, JSON.stringify(noted));
    assert.ok(noted.maxResidentMiB > 8 && noted.maxResidentMiB < 64, JSON.stringify(noted));
    do await turns.next();
    while (livingUsage(`/proc/${spinning.pid}`)!.cpuMs <= noted.cpuMs);
    spinning.signal('SIGKILL');
    assert.deepEqual(await spinning.exited, { signal: 'SIGKILL' });
    // The account at the exit takes the place of the note.
    assert.ok(spinning.usage()!.cpuMs > noted.cpuMs, JSON.stringify([spinning.usage(), noted]));
  }));
