import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { untilOutput } from './contract/sandbox-bench.ts';
import { withMachineLock } from './machine-lock.ts';

test('one at a time', async () => {
  let inside = 0;
  let most = 0;
  const work = () =>
    withMachineLock(async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 20 }, work));
  assert.equal(most, 1);
});

test('a failure releases it', async () => {
  await assert.rejects(
    withMachineLock(() => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(await withMachineLock(async () => 'mine'), 'mine');
});

test('the death of its holder releases it', async () => {
  const url = new URL('./machine-lock.ts', import.meta.url).href;
  const script = `import('${url}').then(({ withMachineLock }) => withMachineLock(() => new Promise(() => { console.log('held'); setInterval(() => {}, 1000) })))`;
  const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await untilOutput(holder.stdout, 'held');
  const waiting = withMachineLock(async () => 'mine');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  assert.equal(await waiting, 'mine');
});
