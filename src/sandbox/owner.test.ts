import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { isAlive, isOwner, newOwner } from './owner.ts';

test('each host object is an owner of its own, alive as long as its process', async () => {
  const [one, two] = [newOwner(), newOwner()];
  assert.notEqual(one, two);
  assert.ok(isOwner(one) && isAlive(one) && isAlive(two));
  assert.ok(!isOwner('unified') && !isOwner('1-2') && !isOwner('1-2-3.x'));
});

test('a reused PID is somebody else, a dead process nobody', async () => {
  const [pid, start] = newOwner().split('-');
  assert.ok(!isAlive(`${pid}-${Number(start) + 1}-1`));
  const child = spawn('sleep', ['100']);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(!isAlive(`${child.pid}-${start}-1`));
});
