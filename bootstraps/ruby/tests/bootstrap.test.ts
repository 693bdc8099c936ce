import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { writeFiles } from '../../testing/write-files.ts';
import { runtimeDir } from './run-function.ts';

/** A layout like a sandbox's: runtime/bootstrap and, as the interpreter, a script that prints what it is given. */
function layout(t: TestContext, files: Record<string, string> = {}): string {
  const script = '#!/bin/sh\nprintf "%s\\n" "$LC_CTYPE" "$0" "$@"\n';
  const root = writeFiles(t, { 'lang/bin/ruby': script, ...files });
  chmodSync(join(root, 'lang/bin/ruby'), 0o755);
  mkdirSync(join(root, 'runtime'));
  copyFileSync(join(runtimeDir, 'bootstrap'), join(root, 'runtime/bootstrap'));
  return root;
}

function bootstrap(root: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(join(root, 'runtime/bootstrap'), {
    env: { AWS_EXECUTION_ENV: 'AWS_Lambda_ruby3.3', ...env },
    encoding: 'utf8',
  });
  return { status, stderr, lines: stdout.split('\n').slice(0, -1) };
}

describe('bootstrap of Ruby', () => {
  it('starts the interpreter, in UTF-8 unless the function says otherwise', (t) => {
    const root = layout(t);
    const argv = [join(root, 'lang/bin/ruby'), join(root, 'runtime/lib/runtime.rb')];
    assert.deepEqual(bootstrap(root), { status: 0, stderr: '', lines: ['C.utf8', ...argv] });
    assert.equal(bootstrap(root, { LC_CTYPE: 'C' }).lines[0], 'C');
    assert.equal(bootstrap(root, { LC_ALL: 'C' }).lines[0], '');
  });

  it('goes through the wrapper, except in the oldest runtime', (t) => {
    const root = layout(t, { 'my wrapper': '#!/bin/sh\necho wrapped\nexec "$@"\n' });
    const wrapper = join(root, 'my wrapper');
    chmodSync(wrapper, 0o755);
    const env = { AWS_LAMBDA_EXEC_WRAPPER: wrapper };
    assert.deepEqual(bootstrap(root, env).lines.slice(0, 3), [
      'wrapped',
      'C.utf8',
      join(root, 'lang/bin/ruby'),
    ]);
    const oldest = bootstrap(root, { ...env, AWS_EXECUTION_ENV: 'AWS_Lambda_ruby2.5' });
    assert.equal(oldest.lines[0], 'C.utf8');
  });

  it('says what is wrong with a wrapper', (t) => {
    const root = layout(t, { plain: '' });
    chmodSync(join(root, 'plain'), 0o644);
    const outcome = (name: string) => {
      const { status, stderr } = bootstrap(root, { AWS_LAMBDA_EXEC_WRAPPER: join(root, name) });
      return [status, stderr];
    };
    assert.deepEqual(outcome('absent'), [127, `${root}/absent: does not exist\n`]);
    assert.deepEqual(outcome('plain'), [126, `${root}/plain: is not an executable\n`]);
  });
});
