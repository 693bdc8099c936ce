import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import type { Sandbox } from '../driver.ts';
import { type SandboxBench, untilOutput } from './sandbox-bench.ts';
import { probeSource } from './syscall-attempts.ts';

export function confinementSuite(bench: SandboxBench): void {
  describe('confinement', () => {
    let sandbox: Sandbox;
    let other: Sandbox;
    before(async () => {
      const attempts = bench.tree('attempts', { 'attempts.c': probeSource });
      execFileSync('cc', ['-static', '-o', `${attempts}/attempts`, `${attempts}/attempts.c`]);
      const mounts = { mounts: [{ target: '/opt', sources: [attempts] }] };
      [sandbox, other] = await Promise.all([bench.booted({ mounts }), bench.booted()]);
    });
    after(() => Promise.all([sandbox.close(), other.close()]));
    const sh = async (script: string): Promise<string> => (await bench.sh(sandbox, script)).output.trim();

    test('no capabilities, no new privileges, a seccomp filter, limits', async () => {
      const status = await sh('cat /proc/self/status');
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
        assert.match(status, new RegExp(`${set}:\\s+0{16}$`, 'm'));
      assert.match(status, /^NoNewPrivs:\s+1$/m);
      assert.match(status, /^Seccomp:\s+2$/m);
      assert.equal(await sh('ulimit -n; umask'), '256\n0022');
      assert.equal(await sh('sleep 0 & wait; dmesg 2>&1 | grep -c "not permitted"'), '1');
    });

    test('system calls that change the host or make namespaces are refused', async () => {
      const { output } = await bench.run(sandbox, {
        path: '/opt/attempts',
        argv: ['attempts'],
        env: {},
        cwd: '/',
      });
      assert.deepEqual(output.trim().split('\n'), [
        'mount EPERM',
        'unshare user EPERM',
        'setns EPERM',
        'clone new user ENOSYS',
        'clone3 ENOSYS',
        'bpf EPERM',
        'keyctl EPERM',
        'perf_event_open EPERM',
        'userfaultfd EPERM',
        'io_uring_setup EPERM',
        'unknown call ENOSYS',
        'packet socket EAFNOSUPPORT',
        'vsock EAFNOSUPPORT',
        'raw socket EPERM',
        'mknod device EPERM',
        'sethostname EPERM',
        'setuid root EPERM',
        'ptrace pid 1 EPERM',
        'kill pid 1 OK',
      ]);
      // Still there, and obeying: signals from inside do not reach the first process.
      assert.deepEqual((await bench.sh(sandbox, 'kill -KILL 1; kill -STOP 1; kill -TERM 1; exit 5')).status, {
        code: 5,
      });
      assert.deepEqual((await bench.sh(sandbox, 'exit 6')).status, { code: 6 });
    });

    test('the supervisor cannot be looked into', async () => {
      const places = ['/proc/1/fd', '/proc/1/environ', '/proc/1/maps', '/proc/1/mem', '/proc/1/root/'];
      for (const place of places)
        assert.match(
          await sh(`if [ -d ${place} ]; then ls ${place}; else cat ${place}; fi 2>&1`),
          /denied/,
          place,
        );
    });

    test('the processes of another sandbox are neither seen nor signalled', async () => {
      const theirs = await other.start(bench.shell('echo up; exec sleep 1000'));
      await untilOutput(theirs.output, 'up');
      assert.equal(await sh('cat /proc/[0-9]*/comm | grep -c sleep'), '0');
      await sh('for pid in $(seq 2 200); do [ $pid = $$ ] || kill -KILL $pid 2>/dev/null; done');
      assert.equal(
        await Promise.race([theirs.exited, bench.sh(other, 'exit 0').then(() => 'alive')]),
        'alive',
      );
      assert.notEqual(await sh('id -u'), (await bench.sh(other, 'id -u')).output.trim());
      theirs.signal('SIGKILL');
      await theirs.exited;
    });
  });
}
