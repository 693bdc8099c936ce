import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { temporaryDirectory } from '../../artifacts/testing/temporary-directory.ts';

const lives = 10;
const program = path.join(import.meta.dirname, 'testing/queue-process.ts');

test('killed at any moment: what was accepted runs, what was not may', { timeout: 120_000 }, async (t) => {
  const directory = temporaryDirectory(t);
  const runsFile = path.join(directory, 'runs');
  const accepted = new Set<string>();
  const asked = new Set<string>();
  let child: ChildProcess | undefined;
  t.after(() => child?.kill('SIGKILL'));

  const start = () => {
    child = spawn(process.execPath, [program, path.join(directory, 'thaw.db'), runsFile], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin!.on('error', () => {});
    const lines = createInterface(child.stdout!);
    return { child, lines, exited: once(child, 'exit') };
  };

  let number = 0;
  for (let life = 0; life < lives; life += 1) {
    const { child, lines, exited } = start();
    // Each life ends at another point: before, amid and after the answers to what it was sent.
    const lastAnswer = life * 3;
    let answers = 0;
    for await (const line of lines) {
      const [word, requestId = ''] = line.split(' ');
      assert.notEqual(word, 'discarded', line);
      if (word === 'started')
        for (let count = 0; count < 30; count += 1) {
          number += 1;
          asked.add(`event-${number}`);
          child.stdin!.write(`event-${number}\n`);
        }
      if (word === 'accepted') accepted.add(requestId);
      if (answers === lastAnswer) child.kill('SIGKILL');
      answers += 1;
    }
    await exited;
  }

  const { child: last, lines, exited } = start();
  last.stdin!.end();
  lines.resume();
  assert.deepEqual(await exited, [0, null]);
  const runs = existsSync(runsFile) ? readFileSync(runsFile, 'utf8').trim().split('\n') : [];
  const ran = new Set(runs);
  assert.ok(accepted.size > 100, `${accepted.size} were accepted`);
  assert.deepEqual(
    [...accepted].filter((requestId) => !ran.has(requestId)),
    [],
  );
  assert.deepEqual(
    [...ran].filter((requestId) => !asked.has(requestId)),
    [],
  );
  // At least once, and seldom more often: only what a kill found running, or done and not yet noted.
  assert.ok(runs.length - ran.size <= lives * 4, `${runs.length - ran.size} ran twice`);
});
