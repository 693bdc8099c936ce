import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../driver.ts';
import { type SandboxBench, untilOutput } from './sandbox-bench.ts';

export function generationsSuite(bench: SandboxBench): void {
  describe('generations', () => {
    let sandbox: Sandbox;
    before(async () => {
      sandbox = await bench.booted();
    });
    after(() => sandbox.close());

    test('what is frozen does not run; thawed it goes on', async () => {
      const counting = await sandbox.start(bench.shell('echo up; while :; do echo >> /tmp/count; done'));
      await untilOutput(counting.output, 'up');
      const count = (): number =>
        statSync(join(bench.hostTmp(sandbox), 'count'), { throwIfNoEntry: false })?.size ?? 0;
      const grows = async (from: number): Promise<void> => {
        for (let i = 0; i < 6000 && count() <= from; i += 1) await sleep(5);
        assert.ok(count() > from);
      };
      await grows(0);
      sandbox.freeze();
      sandbox.freeze();
      // A system call in flight still ends, whenever its process has its turn.
      for (let i = 0; i < 6000 && !bench.isFrozen(sandbox); i += 1) await sleep(5);
      assert.ok(bench.isFrozen(sandbox));
      const frozenAt = count();
      await sleep(150);
      assert.equal(count(), frozenAt);
      sandbox.thaw();
      await grows(frozenAt);
      counting.signal('SIGKILL');
      assert.deepEqual(await counting.exited, { signal: 'SIGKILL' });
    });

    test('the end of a generation ends every process, frozen, daemonised or deaf', async () => {
      const deaf = await sandbox.start(
        bench.shell('trap "" TERM INT HUP; (setsid sleep 1000 &); echo up; sleep 1000'),
      );
      const output = text(deaf.output);
      await untilOutput(deaf.output, 'up');
      sandbox.freeze();
      await sandbox.endGeneration();
      assert.deepEqual(await deaf.exited, { signal: 'SIGKILL' });
      assert.equal(await output, 'up\n');
      await sandbox.endGeneration();
      deaf.signal('SIGTERM');
      await sandbox.boot();
      const { output: alive } = await bench.sh(sandbox, 'cat /proc/[0-9]*/comm');
      assert.match(alive, /^supervisor\n/);
      assert.doesNotMatch(alive, /sleep/);
    });

    test('what a process used is known at its end, also of one killed with its generation, frozen', async () => {
      const counting = 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo up';
      const ended = await sandbox.start(bench.shell(counting));
      assert.deepEqual(await ended.exited, { code: 0 });
      // With a command after it, the shell does not become the sleep, which would have used nothing yet.
      const killed = await sandbox.start(bench.shell(`${counting}; sleep 1000; :`));
      await untilOutput(killed.output, 'up');
      sandbox.freeze();
      await sandbox.endGeneration();
      assert.deepEqual(await killed.exited, { signal: 'SIGKILL' });
      for (const process of [ended, killed]) {
        const { cpuMs, maxResidentMiB } = process.usage()!;
        assert.ok(cpuMs >= 20 && maxResidentMiB >= 1 && maxResidentMiB < 64, `${cpuMs}, ${maxResidentMiB}`);
      }
      await sandbox.boot();
    });

    test('/tmp and address stay, processes and their IPC do not', async () => {
      await bench.sh(sandbox, 'echo kept > /tmp/kept');
      const { address } = sandbox;
      await sandbox.endGeneration();
      await sandbox.boot();
      assert.equal((await bench.sh(sandbox, 'cat /tmp/kept')).output, 'kept\n');
      assert.equal(sandbox.address, address);
    });

    test('a generation whose first process dies is over, and the next one boots', async () => {
      const sleeping = await sandbox.start(bench.shell('echo up; exec sleep 9999'));
      await untilOutput(sleeping.output, 'up');
      process.kill(
        Number(readFileSync(join(bench.hostTmp(sandbox), '../supervisor.pid'), 'utf8')),
        'SIGKILL',
      );
      assert.deepEqual(await sleeping.exited, { signal: 'SIGKILL' });
      await assert.rejects(bench.sh(sandbox, 'true'), /generation has ended/);
      await sandbox.endGeneration();
      await sandbox.boot();
      assert.deepEqual((await bench.sh(sandbox, 'exit 9')).status, { code: 9 });
    });

    test('what is asked in the wrong phase is refused', async () => {
      assert.throws(() => sandbox.boot(), /is running/);
      await sandbox.endGeneration();
      assert.throws(() => sandbox.start(bench.shell('true')), /is empty/);
      assert.throws(() => sandbox.freeze(), /is empty/);
      await sandbox.boot();
    });

    test('a generation can be ended while it boots, and a sandbox closed before and while it boots', async () => {
      await sandbox.endGeneration();
      const booting = sandbox.boot();
      await sandbox.endGeneration();
      await booting;
      await sandbox.boot();
      const unused = await bench.host.open(bench.spec());
      await unused.close();
      const hasty = await bench.host.open(bench.spec());
      const hastyBoot = hasty.boot();
      await hasty.close();
      await hastyBoot;
      assert.throws(() => hasty.boot(), /is closed/);
    });

    test('a sandbox id is taken once at a time', async () => {
      await assert.rejects(bench.host.open(bench.spec({ id: sandbox.id })), /live sandbox/);
      await assert.rejects(bench.host.open(bench.spec({ id: '../x' })), /no sandbox id/);
      const again = bench.spec();
      await (await bench.host.open(again)).close();
      await (await bench.host.open(again)).close();
    });

    test('a sandbox that cannot be made leaves nothing, and its id is free', async () => {
      const spec = bench.spec({ mounts: { mounts: [{ target: '/proc', sources: ['/usr'] }] } });
      await assert.rejects(bench.host.open(spec), /Nothing can be mounted at \/proc/);
      const missing = bench.spec({
        id: spec.id,
        mounts: { mounts: [{ target: '/opt', sources: ['/no/such'] }] },
      });
      const opened = await bench.host.open(missing);
      await assert.rejects(opened.boot(), /\/no\/such/);
      assert.throws(() => opened.boot(), /\/no\/such/);
      await opened.endGeneration();
      await opened.close();
    });
  });
}
