import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

const preload = path.join(import.meta.dirname, 'test-deadline.ts');

/** It hangs, and so does a process that it left its output to. */
const hanging = `
import { spawn } from 'node:child_process';
import { test } from 'node:test';
test('hangs', () => {
  spawn('/bin/sh', ['-c', 'sleep 200; true'], { stdio: 'inherit' });
  return new Promise(() => {});
});
`;

test('a test file that does not end fails the run, and what it started ends with it', async (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'thaw-test-deadline-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = path.join(directory, 'hangs.test.mjs');
  writeFileSync(file, hanging);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const runner = spawn(process.execPath, ['--test', '--import', preload, file], {
    env: { ...env, THAW_TEST_DEADLINE_MS: '2000' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const deadline = setTimeout(() => runner.kill('SIGKILL'), 60_000);
  t.after(() => clearTimeout(deadline));
  const [said, [status]] = await Promise.all([text(runner.stdout), once(runner, 'exit')]);
  assert.equal(status, 1);
  assert.match(said, /hangs\.test\.mjs has not ended after 2 s; still open: /);
});
