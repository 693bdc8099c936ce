import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { eventually } from './support/eventually.ts';
import { functionCode, packageDirectory } from './support/packages.ts';
import { thaw } from './support/run-thaw.ts';

const besideLockHolder = path.join(import.meta.dirname, 'support', 'beside-lock-holder.ts');
const extension = path.resolve(import.meta.dirname, '../examples/extensions/timing-nodejs');

interface Waiting {
  readonly args: (data: string) => string[];
  readonly signal: NodeJS.Signals;
  readonly status: number;
  readonly said: RegExp;
}

const waiting: Readonly<Record<string, Waiting>> = {
  run: {
    args: () => ['run', functionCode('echo')],
    signal: 'SIGINT',
    status: 130,
    said: /^thaw: interrupted before there was an environment; nothing was run$/m,
  },
  compare: {
    args: () => ['compare', functionCode('echo'), '--with', extension],
    signal: 'SIGINT',
    status: 130,
    said: /^thaw: interrupted; nothing is judged$/m,
  },
  up: {
    args: (data) => ['up', '--port', '0', '--data', data],
    signal: 'SIGTERM',
    status: 0,
    said: /^thaw: told to end before the service was there; nothing was started$/m,
  },
};

describe('while other Thaws hold what all of a machine share', () => {
  for (const [verb, { args, signal, status, said }] of Object.entries(waiting))
    test(`thaw ${verb} says that it waits, and that ${signal} ended it`, async (t) => {
      const data = path.join(packageDirectory(t), 'data');
      const command = ['--net', process.execPath, besideLockHolder, thaw, ...args(data)];
      const child = spawn('unshare', command, { stdio: ['ignore', 'ignore', 'pipe'] });
      t.after(() => child.kill('SIGKILL'));
      const exited = once(child, 'close');
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      await eventually(() => stderr.includes('waiting for other Thaws of this machine'));
      child.kill(signal);
      assert.deepEqual(await exited, [status, null], stderr);
      assert.match(stderr, said);
      assert.ok(!existsSync(data), 'it leaves nothing that it made');
    });
});
