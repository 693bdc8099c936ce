import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withMachineLock } from '../sandbox/machine-lock.ts';
import { Clearing } from './clearing.ts';

test('who waits for other Thaws of the machine does not when it is closed', async () => {
  const warnings: string[] = [];
  const clearing = new Clearing((message) => warnings.push(message));
  await withMachineLock(async () => {
    const done = clearing.done();
    assert.equal(clearing.done(), done);
    await clearing.close();
    await assert.rejects(done, /the service ended before what an earlier Thaw left here was cleared away/);
  });
  assert.deepEqual(warnings, []);
});

test('nothing to clear away, nothing said; closed once it is over', async () => {
  const warnings: string[] = [];
  const clearing = new Clearing((message) => warnings.push(message));
  await clearing.done();
  await clearing.close();
  assert.deepEqual(warnings, []);
});
