import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { expectNothingLeft } from './support/left-behind.ts';
import { extensions, functionCode, packageDirectory } from './support/packages.ts';
import { thaw } from './support/run-thaw.ts';
import { workingHost } from './support/working-host.ts';

/** Arguments of a run that carries the marker. */
function marked(marker: string, ms: number, invocations: number): string[] {
  const sleeps = [functionCode('sleeps'), '--event', JSON.stringify({ ms })];
  const variables = ['--env', `CONFORMANCE_RUN=${marker}`];
  return ['run', ...sleeps, '--invocations', String(invocations), ...variables, ...extensions('good')];
}

async function start(t: TestContext, [file, ...args]: readonly string[], cwd: string) {
  await workingHost();
  const child = spawn(file!, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

describe('whoever reads goes away', { concurrency: 2, timeout: 240_000 }, () => {
  test('stdout and stderr closed: the invocations are carried out, and the end is orderly', async (t) => {
    const marker = randomUUID();
    const child = await start(t, [thaw, ...marked(marker, 100, 10)], packageDirectory(t));
    await once(child.stdout!, 'data');
    child.stdout!.destroy();
    child.stderr!.destroy();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    await expectNothingLeft(child.pid!, marker);
  });

  test('a terminal closed: SHUTDOWN for the extensions, and nothing is left', async (t) => {
    const directory = packageDirectory(t);
    const marker = randomUUID();
    const words = [thaw, ...marked(marker, 20, 1_000_000)].map((word) => `'${word}'`).join(' ');
    // Responses go to the terminal; what else is said is kept.
    const line = `echo $$ >pid; exec ${words} 2>said`;
    const terminal = await start(
      t,
      ['script', '--quiet', '--flush', '--command', line, '/dev/null'],
      directory,
    );
    await once(terminal.stdout!, 'data');
    terminal.kill('SIGKILL');
    const read = (name: string) => readFileSync(path.join(directory, name), 'utf8');
    await expectNothingLeft(Number(read('pid')), marker);
    assert.match(read('said'), /"eventType":"SHUTDOWN"/);
    assert.doesNotMatch(read('said'), /EIO|^ +at /m);
  });
});
