import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { DirectoryLockedError, lockDirectory, lockFile } from './directory-lock.ts';

function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'thaw-lock-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('one holder at a time, and the other is told who it is', async (t) => {
  const directory = temporaryDirectory(t);
  const lock = await lockDirectory(directory, 'the first, with a long name');
  await assert.rejects(lockDirectory(directory, 'the second'), (error) => {
    assert.ok(error instanceof DirectoryLockedError);
    assert.equal(error.holder, 'the first, with a long name');
    assert.ok(error.message.startsWith(`${directory} is in use by the first, with a long name.`));
    return true;
  });
  lock.release();
  lock.release();
  const second = await lockDirectory(directory, 'second');
  await assert.rejects(lockDirectory(directory, 'third'), { holder: 'second' });
  second.release();
});

test('a child of the holder does not keep the lock', async (t) => {
  const directory = temporaryDirectory(t);
  const lock = await lockDirectory(directory, 'first');
  const child = spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  lock.release();
  (await lockDirectory(directory, 'second')).release();
  assert.equal(child.exitCode, null);
});

test('the death of its holder releases it', async (t) => {
  const directory = temporaryDirectory(t);
  const deadline = { signal: AbortSignal.timeout(60_000) };
  const url = new URL('./directory-lock.ts', import.meta.url).href;
  const script = `import('${url}').then(async ({ lockDirectory }) => { await lockDirectory('${directory}', 'process ' + process.pid); console.log('held'); setInterval(() => {}, 1000) })`;
  const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data', deadline);
  await assert.rejects(lockDirectory(directory, 'me'), { holder: `process ${holder.pid}` });
  const exited = once(holder, 'exit', deadline);
  holder.kill('SIGKILL');
  await exited;
  (await lockDirectory(directory, 'me')).release();
});

test('of many at once one has it', async (t) => {
  const directory = temporaryDirectory(t);
  const tries = Array.from({ length: 8 }, (_, n) => lockDirectory(directory, `${n}`));
  const locks = (await Promise.allSettled(tries)).filter((one) => one.status === 'fulfilled');
  assert.equal(locks.length, 1);
  for (const lock of locks) lock.value.release();
});

test('whoever waits at a lock that its holder removes does not have the directory', async (t) => {
  const directory = temporaryDirectory(t);
  const lock = await lockDirectory(directory, 'first');
  const second = lockDirectory(directory, 'second');
  rmSync(lockFile(directory));
  lock.release();
  await assert.rejects(second, DirectoryLockedError);
  (await lockDirectory(directory, 'third')).release();
});
