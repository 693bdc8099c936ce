import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { isRunning, processName } from './process-name.ts';

test('a process runs under its name until it ends', async () => {
  assert.match(processName(), new RegExp(`^${process.pid}-\\d+$`));
  assert.ok(isRunning(processName()));
  const child = spawn('sleep', ['100']);
  const name = processName(child.pid);
  assert.ok(isRunning(name));
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(!isRunning(name));
});

test('a PID that returned is somebody else; what is no name is nobody', () => {
  const [pid, start] = processName().split('-');
  assert.ok(!isRunning(`${pid}-${Number(start) + 1}`));
  for (const name of ['', 'x', '1', '-1-undefined', 'scratch']) assert.ok(!isRunning(name), name);
});
