import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { caughtUp } from './caught-up.ts';
import { Interrupts } from './interrupts.ts';

function fullStream(t: TestContext): {
  stream: PassThrough;
  interrupts: Interrupts;
  waits: () => Promise<boolean>;
} {
  const stream = new PassThrough({ highWaterMark: 10 });
  stream.on('error', () => {});
  stream.write('more than ten');
  const interrupts = new Interrupts();
  t.after(() => interrupts.close());
  let over = false;
  void caughtUp(stream, interrupts).then(() => {
    over = true;
  });
  const waits = async () => {
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    return !over;
  };
  return { stream, interrupts, waits };
}

test('output is waited for until its reader has taken it', async (t) => {
  const { stream, waits } = fullStream(t);
  assert.ok(await waits());
  stream.resume();
  assert.ok(!(await waits()));
});

test('no reader, no waiting', async (t) => {
  const { stream, waits } = fullStream(t);
  stream.destroy(new Error('the reader is gone'));
  assert.ok(!(await waits()));
});

test('an interrupt ends the waiting', async (t) => {
  const { waits } = fullStream(t);
  const heard = once(process, 'SIGHUP');
  process.kill(process.pid, 'SIGHUP');
  await heard;
  assert.ok(!(await waits()));
});

test('where there is room nothing is waited for', async (t) => {
  const { stream, interrupts } = fullStream(t);
  stream.resume();
  await once(stream, 'drain');
  await caughtUp(stream, interrupts);
});
