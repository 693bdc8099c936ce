import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessSpec, Sandbox } from '../driver.ts';
import { type Ended, type SandboxBench, untilOutput } from './sandbox-bench.ts';

export function processesSuite(bench: SandboxBench): void {
  describe('processes', () => {
    let sandbox: Sandbox;
    before(async () => {
      sandbox = await bench.booted();
    });
    after(() => sandbox.close());
    const sh = (script: string): Promise<Ended> => bench.sh(sandbox, script);

    test('an exit code and a death by signal are told apart', async () => {
      assert.deepEqual((await sh('exit 129')).status, { code: 129 });
      assert.deepEqual((await sh('kill -HUP $$')).status, { signal: 'SIGHUP' });
      assert.deepEqual((await sh('exit 0')).status, { code: 0 });
      assert.deepEqual((await sh('kill -KILL $$')).status, { signal: 'SIGKILL' });
    });

    test('stdout and stderr arrive in the order written', async () => {
      const { output } = await sh('for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done');
      const expected = [1, 2, 3, 4, 5].flatMap((i) => [`out ${i}`, `err ${i}`]);
      assert.deepEqual(output.trim().split('\n'), expected);
    });

    test('nothing is lost of processes that end at once, and of a megabyte', async () => {
      const quick = await Promise.all(Array.from({ length: 20 }, (_, i) => sh(`echo ${i}`)));
      assert.deepEqual(
        quick.map(({ output }) => output),
        Array.from({ length: 20 }, (_, i) => `${i}\n`),
      );
      const { output } = await sh('head -c 1000000 /dev/zero | tr "\\0" x');
      assert.equal(output.length, 1_000_000);
    });

    test('a file that cannot be executed is a StartError with the errno', async () => {
      await sh(
        'echo "#!/bin/true" > /tmp/plain; printf "#!/no/such\\n" > /tmp/lost; printf "\\1\\2" > /tmp/junk; chmod +x /tmp/lost /tmp/junk',
      );
      const codes = [];
      for (const path of ['/tmp/plain', '/tmp/none', '/tmp/lost', '/tmp/junk', '/tmp'])
        codes.push(await bench.startError(sandbox, path));
      assert.deepEqual(codes, ['EACCES', 'ENOENT', 'ENOENT', 'ENOEXEC', 'EACCES']);
    });

    test('a working directory that cannot be entered is a StartError of another step', async () => {
      await sh('mkdir -m 000 /tmp/closed');
      for (const [cwd, code] of [
        ['/no/where', 'ENOENT'],
        ['/tmp/closed', 'EACCES'],
      ] as const) {
        const starting = sandbox.start({ path: '/bin/true', argv: ['true'], env: {}, cwd });
        await assert.rejects(starting, { name: 'StartError', step: 'chdir', path: cwd, code });
      }
    });

    test('arguments and environment are exactly those given; standard input is empty', async () => {
      const env = { PATH: '/usr/bin', EMPTY: '', 'odd name': 'a=b\nc' };
      const spec: ProcessSpec = { path: '/usr/bin/tr', argv: ['zero', '\\0', '|'], env, cwd: '/tmp' };
      assert.equal((await bench.run(sandbox, spec)).output, '');
      const script = 'cat /proc/$$/environ | tr "\\0" "|"; tr "\\0" "|" < /proc/$$/cmdline; pwd; cat';
      const shell: ProcessSpec = {
        path: '/bin/bash',
        argv: ['name', '-c', script, 'x', ''],
        env,
        cwd: '/opt',
      };
      const { output } = await bench.run(sandbox, shell);
      assert.match(output, /PATH=\/usr\/bin\|EMPTY=\|odd name=a=b\nc\|/);
      assert.match(output, /name\|-c\|.*\|x\|\|\/opt\n$/s);
      assert.doesNotMatch(output, /HOME=|SHELL=/);
    });

    test('each process leads a session of its own', async () => {
      const { output } = await sh('cut -d" " -f1,5,6 /proc/$$/stat');
      const [pid, group, session] = output.trim().split(' ');
      assert.deepEqual([group, session], [pid, pid]);
    });

    test('signals reach the whole group; children keep the output open until they end', async () => {
      const process = await sandbox.start(
        bench.shell('(trap "" TERM; echo up; while :; do sleep 60; done) & wait'),
      );
      const output = text(process.output);
      await untilOutput(process.output, 'up');
      process.signal('SIGTERM');
      assert.deepEqual(await process.exited, { signal: 'SIGTERM' });
      const reported = await Promise.race([output, sleep(50, 'still open')]);
      assert.equal(reported, 'still open');
      process.signal('SIGKILL');
      await sandbox.endGeneration();
      assert.match(await output, /^up/);
      await sandbox.boot();
    });

    test('a trap on SIGTERM runs: no signal is blocked or ignored', async () => {
      const process = await sandbox.start(
        bench.shell('trap "echo caught; exit 3" TERM; echo up; while :; do sleep 0.01; done'),
      );
      const output = text(process.output);
      await untilOutput(process.output, 'up');
      process.signal('SIGTERM');
      assert.deepEqual(await process.exited, { code: 3 });
      assert.match(await output, /caught/);
      assert.match(
        (await sh('grep -E "Sig(Blk|Ign)" /proc/self/status')).output,
        /SigBlk:\s0+\nSigIgn:\s0+\n/,
      );
    });

    test('orphans are reaped', async () => {
      const count = 'cat /proc/[0-9]*/stat | grep -c ") Z "';
      const { status } = await sh(
        `(true & true & true &) ; for i in $(seq 500); do [ $(${count}) = 0 ] && exit 0; sleep 0.01; done; exit 1`,
      );
      assert.deepEqual(status, { code: 0 });
    });

    test('what is written to descriptor 3 arrives apart from the output, whole, children included', async () => {
      const script = 'head -c 300000 /dev/zero | tr "\\0" l >&3; echo out; (echo child >&3)';
      const { output, log, exited } = await sandbox.start({ ...bench.shell(script), logPipe: true });
      const [told, logged] = await Promise.all([text(output), text(log!)]);
      assert.deepEqual(await exited, { code: 0 });
      assert.equal(told, 'out\n');
      assert.equal(logged, `${'l'.repeat(300_000)}child\n`);
      assert.equal((await sandbox.start(bench.shell('true'))).log, undefined);
    });

    test('no file of the host is open in a process', async () => {
      assert.match(
        (await sh('ls -l /proc/self/fd')).output,
        /^total 0\n.* 0 -> \/dev\/null\n.* 1 -> pipe:.*\n.* 2 -> pipe:.*\n.* 3 -> \/proc\/\d+\/fd\n$/,
      );
    });
  });
}
