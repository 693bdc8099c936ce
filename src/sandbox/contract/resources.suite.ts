import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MiB } from '../../domain/limits.ts';
import type { Sandbox, SandboxSpec } from '../driver.ts';
import { type SandboxBench, untilOutput } from './sandbox-bench.ts';

export function resourcesSuite(bench: SandboxBench): void {
  describe('resources', () => {
    const withSandbox = async (
      spec: Partial<SandboxSpec>,
      work: (sandbox: Sandbox) => Promise<void>,
    ): Promise<void> => {
      const sandbox = await bench.booted(spec);
      try {
        await work(sandbox);
      } finally {
        await sandbox.close();
      }
    };

    test('memory in use is reported, its peak kept when it is given back', () =>
      withSandbox({}, async (sandbox) => {
        await bench.sh(sandbox, 'true');
        assert.ok(sandbox.memory().peakBytes < 20 * MiB, String(sandbox.memory().peakBytes));
        await bench.run(sandbox, bench.node('Buffer.alloc(100 * 2 ** 20, 1)'));
        const { peakBytes, oomKills } = sandbox.memory();
        assert.ok(peakBytes > 100 * MiB && peakBytes < 180 * MiB, String(peakBytes));
        assert.equal(oomKills, 0);
        await sandbox.endGeneration();
        await sandbox.boot();
        assert.equal(sandbox.memory().peakBytes, peakBytes);
      }));

    test('who takes more memory than allowed is killed, and only he', () =>
      withSandbox({ memoryMiB: 128 }, async (sandbox) => {
        const bystander = await sandbox.start(bench.shell('echo up; exec sleep 1000'));
        await untilOutput(bystander.output, 'up');
        const { status } = await bench.run(
          sandbox,
          bench.node('const all = []; for (;;) all.push(Buffer.alloc(2 ** 20, 1))'),
        );
        assert.deepEqual(status, { signal: 'SIGKILL' });
        const { peakBytes, oomKills } = sandbox.memory();
        assert.equal(oomKills, 1);
        assert.ok(peakBytes > 100 * MiB && peakBytes <= 128 * MiB, String(peakBytes));
        assert.deepEqual((await bench.sh(sandbox, 'exit 4')).status, { code: 4 });
        bystander.signal('SIGKILL');
        assert.deepEqual(await bystander.exited, { signal: 'SIGKILL' });
      }));

    test('/tmp holds what it is given and no more, though memory is smaller, and costs no memory', () =>
      withSandbox({ memoryMiB: 128 }, async (sandbox) => {
        const { status, output } = await bench.sh(
          sandbox,
          'head -c 700M /dev/zero > /tmp/big; stat -c %s /tmp/big',
        );
        assert.match(output, /No space left on device/);
        assert.deepEqual(status, { code: 0 });
        const bytes = Number(output.trim().split('\n').at(-1));
        assert.ok(bytes >= 512 * MiB && bytes < 530 * MiB, String(bytes / MiB));
        const { peakBytes, oomKills } = sandbox.memory();
        assert.equal(oomKills, 0);
        assert.ok(peakBytes < 64 * MiB, String(peakBytes / MiB));
        // Nor once it is gone and its pages with it.
        await bench.sh(sandbox, 'rm /tmp/big');
        assert.ok(sandbox.memory().peakBytes < 64 * MiB, String(sandbox.memory().peakBytes / MiB));
      }));

    test('a fork bomb meets its limit, and its generation can be ended', () =>
      withSandbox({ maxProcesses: 40 }, async (sandbox) => {
        const bomb = await sandbox.start(bench.shell('echo up; b() { b | b & }; while :; do b; done 2>&1'));
        await untilOutput(bomb.output, 'Resource temporarily unavailable');
        await sandbox.endGeneration();
        await sandbox.boot();
        assert.deepEqual((await bench.sh(sandbox, 'exit 0')).status, { code: 0 });
      }));

    test('exactly maxProcesses fit, the supervisor not counted', () =>
      withSandbox({ maxProcesses: 8 }, async (sandbox) => {
        const sleepers = [];
        for (let i = 0; i < 8; i += 1)
          sleepers.push(
            await sandbox.start({ path: '/bin/sleep', argv: ['sleep', '1000'], env: {}, cwd: '/' }),
          );
        await assert.rejects(bench.sh(sandbox, 'true'), /EAGAIN.*limit of processes/);
      }));

    test('CPU time is rationed', () =>
      withSandbox({ cpus: 0.25 }, async (sandbox) => {
        const script =
          'const end = Date.now() + 1000; while (Date.now() < end); console.log(process.cpuUsage().user + process.cpuUsage().system)';
        const { output } = await bench.run(sandbox, bench.node(script));
        assert.ok(Number(output) < 600_000, `${output} µs of CPU in 1 s`);
      }));
  });
}
