import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { withMachineLock } from './machine-lock.ts';

const name = `thaw-test/${process.pid}`;

test('one at a time', async () => {
  let inside = 0;
  let most = 0;
  const work = () =>
    withMachineLock(name, async () => {
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
    withMachineLock(name, () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(await withMachineLock(name, async () => 'mine'), 'mine');
});

test('the death of its holder releases it', async (t) => {
  const deadline = { signal: AbortSignal.timeout(60_000) };
  const url = new URL('./machine-lock.ts', import.meta.url).href;
  const script = `import('${url}').then(({ withMachineLock }) => withMachineLock('${name}', () => new Promise(() => { console.log('held'); setInterval(() => {}, 1000) })))`;
  const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data', deadline);
  const waiting = withMachineLock(name, async () => 'mine');
  holder.kill('SIGKILL');
  await once(holder, 'exit', deadline);
  assert.equal(await waiting, 'mine');
});

test('another name is another lock', async () => {
  const inner = () => withMachineLock(`${name}/other`, async () => 'both');
  assert.equal(await withMachineLock(name, inner), 'both');
});
