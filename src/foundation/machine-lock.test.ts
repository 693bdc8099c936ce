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

test('who waits long is told so, and may give up; the holder does not notice', {
  timeout: 30_000,
}, async () => {
  const held = Promise.withResolvers<void>();
  const release = Promise.withResolvers<string>();
  const holder = withMachineLock(name, () => {
    held.resolve();
    return release.promise;
  });
  await held.promise;
  const told = Promise.withResolvers<void>();
  const controller = new AbortController();
  const waiting = withMachineLock(name, async () => assert.fail('it was not free'), {
    signal: controller.signal,
    onWait: told.resolve,
  });
  await told.promise;
  controller.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  release.resolve('done');
  assert.equal(await holder, 'done');
});

test('who gives up in the moment of finding it held does not wait either', { timeout: 30_000 }, async () => {
  const held = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const holder = withMachineLock(name, () => {
    held.resolve();
    return release.promise;
  });
  await held.promise;
  const controller = new AbortController();
  const waiting = withMachineLock(name, async () => assert.fail('it was not free'), {
    signal: controller.signal,
  });
  // It has asked the kernel, and has not heard yet.
  controller.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  release.resolve();
  await holder;
});

test('who does not wait is told nothing, and what has begun is finished', async () => {
  const controller = new AbortController();
  const result = await withMachineLock(
    name,
    async () => {
      controller.abort();
      return 'done';
    },
    { signal: controller.signal, onWait: () => assert.fail('nobody held it') },
  );
  assert.equal(result, 'done');
});
