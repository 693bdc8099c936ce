import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from './run-program.ts';

const run = (script: string, timeoutMs = 60_000) =>
  runProgram('sh', ['-c', script], { signal: new AbortController().signal, timeoutMs });

test('a failure is what the program said, else how it ended', async () => {
  assert.equal(await run('true'), undefined);
  assert.equal((await run('echo no >&2; exit 1'))?.reason, 'no');
  assert.equal((await run('exit 3'))?.reason, 'it said nothing, and ended with exit status 3');
  assert.equal((await run('kill -KILL $$'))?.reason, 'it said nothing, and was ended by SIGKILL');
  const hanging = await run('exec sleep 100', 50);
  assert.equal(hanging?.reason, 'it said nothing, and had not ended after 0.05 s');
});

test('a program that is not there is told from one that fails', async () => {
  const limits = { signal: new AbortController().signal, timeoutMs: 60_000 };
  assert.equal((await runProgram('/nowhere/program', [], limits))?.isMissing, true);
  assert.equal((await run('exit 127'))?.isMissing, false);
});
