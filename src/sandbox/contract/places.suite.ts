import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Sandbox } from '../driver.ts';
import type { SandboxBench } from './sandbox-bench.ts';

export function placesSuite(bench: SandboxBench): void {
  describe('places', () => {
    let sandbox: Sandbox;
    before(async () => {
      const lower = bench.tree('odd, name:with\\all', {
        'both.txt': 'lower',
        'extensions/lower.txt': 'lower',
      });
      const upper = bench.tree('upper', { 'both.txt': 'upper', 'extensions/upper.txt': 'upper' });
      const task = bench.tree('task code, v1:2', { 'index.txt': 'task' });
      sandbox = await bench.booted({
        mounts: {
          mounts: [
            { target: '/opt', sources: [lower, upper] },
            { target: '/var/task', sources: [task] },
            { target: '/var/lang/deep', sources: [task] },
          ],
        },
      });
    });
    after(() => sandbox.close());
    const sh = async (script: string): Promise<string> => (await bench.sh(sandbox, script)).output.trim();

    test('several sources are one directory, the later one on top; odd names do no harm', async () => {
      assert.equal(await sh('cat /opt/both.txt; ls /opt/extensions'), 'upperlower.txt\nupper.txt');
      assert.equal(await sh('cat /var/task/index.txt /var/lang/deep/index.txt'), 'tasktask');
    });

    test('everything but /tmp is read-only', async () => {
      const places = [
        '/',
        '/usr',
        '/etc',
        '/etc/ssl',
        '/opt',
        '/var',
        '/var/task',
        '/var/runtime',
        '/dev',
        '/proc',
        '/sys/fs/cgroup',
        '/.thaw',
      ];
      for (const place of places) {
        const { status, output } = await bench.sh(sandbox, `mkdir ${place}/made`);
        assert.deepEqual(status, { code: 1 }, `${place}: ${output}`);
      }
      assert.match(await sh('echo 1 > /proc/sys/kernel/hostname 2>&1 || echo no'), /no$/);
      assert.equal(await sh('touch /tmp/made && rm /tmp/made && ls -A /tmp && stat -c %a /tmp'), '1777');
    });

    test('only what was mounted can be seen of the host', async () => {
      const known = /^(\.thaw|bin|dev|etc|lib|lib32|lib64|libx32|opt|proc|sbin|sys|tmp|usr|var)$/;
      for (const name of (await sh('ls -A /')).split('\n')) assert.match(name, known);
      assert.equal(await sh('ls /var'), 'lang\nruntime\ntask');
      for (const place of ['shm', 'pts', 'mqueue'])
        assert.match(await sh(`ls /dev/${place} 2>&1`), /No such file/);
      assert.doesNotMatch(await sh('ls /dev'), /loop|sda|vda|nvme|kvm|mem$/m);
    });

    test('the user has a name; names that Lambda resolves resolve', async () => {
      assert.match(
        await sh('id'),
        /^uid=(\d+)\(sbx_user1051\) gid=\1\(sbx_user1051\) groups=\1\(sbx_user1051\)$/,
      );
      for (const name of ['sandbox', 'sandbox.localdomain', 'localhost'])
        assert.match(await sh(`getent hosts ${name}`), /^127\.0\.0\.1\s/, name);
      assert.equal(await sh('hostname'), 'sandbox');
      assert.equal(await sh('unset TZ; date +%Z'), 'UTC');
    });

    test('language runtimes can read their limits', async () => {
      const files = '/sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes';
      assert.equal(await sh(`cat ${files} 2>/dev/null`), String(256 * 1024 * 1024));
      assert.match(await sh('cat /proc/self/cgroup'), /^(\d+:[^:]*:\/\n?)+$/);
    });
  });
}
