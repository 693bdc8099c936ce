import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { writeFiles } from '../../testing/write-files.ts';
import { eachPython } from './interpreters.ts';
import { runtimeDir } from './run-function.ts';

/** A layout like a sandbox's: runtime/bootstrap and, as the interpreter, a script that prints its arguments. */
function layout(t: TestContext, files: Record<string, string> = {}): string {
  const root = writeFiles(t, { 'lang/bin/python3.12': '#!/bin/sh\nprintf "%s\\n" "$0" "$@"\n', ...files });
  chmodSync(join(root, 'lang/bin/python3.12'), 0o755);
  mkdirSync(join(root, 'runtime'));
  copyFileSync(join(runtimeDir, 'bootstrap'), join(root, 'runtime/bootstrap'));
  return root;
}

function bootstrap(root: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(join(root, 'runtime/bootstrap'), {
    env: { AWS_EXECUTION_ENV: 'AWS_Lambda_python3.12', ...env },
    encoding: 'utf8',
  });
  return { status, stderr, args: stdout.split('\n').slice(0, -1) };
}

describe('bootstrap of Python', () => {
  it('starts the interpreter by the name of its version', (t) => {
    const root = layout(t);
    const { status, args } = bootstrap(root);
    assert.equal(status, 0);
    assert.deepEqual(args, [join(root, 'lang/bin/python3.12'), join(root, 'runtime/bootstrap.py')]);
  });

  it('starts python3 where another version was asked for in its place', (t) => {
    const root = layout(t);
    renameSync(join(root, 'lang/bin/python3.12'), join(root, 'lang/bin/python3'));
    assert.equal(bootstrap(root).args[0], join(root, 'lang/bin/python3'));
  });

  it('goes through the wrapper', (t) => {
    const root = layout(t, { 'my wrapper': '#!/bin/sh\necho wrapped\nexec "$@"\n' });
    const wrapper = join(root, 'my wrapper');
    chmodSync(wrapper, 0o755);
    const { status, args } = bootstrap(root, { AWS_LAMBDA_EXEC_WRAPPER: wrapper });
    assert.equal(status, 0);
    assert.deepEqual(args, [
      'wrapped',
      join(root, 'lang/bin/python3.12'),
      join(root, 'runtime/bootstrap.py'),
    ]);
  });

  it('says what is wrong with a wrapper', (t) => {
    const root = layout(t, { plain: '#!/bin/sh\n' });
    const missing = bootstrap(root, { AWS_LAMBDA_EXEC_WRAPPER: '/opt/nope' });
    assert.deepEqual([missing.status, missing.stderr], [127, '/opt/nope: does not exist\n']);
    const plain = bootstrap(root, { AWS_LAMBDA_EXEC_WRAPPER: join(root, 'plain') });
    assert.deepEqual([plain.status, plain.stderr], [126, `${join(root, 'plain')}: is not an executable\n`]);
  });

  it('has no wrapper for python3.7', (t) => {
    const root = layout(t);
    renameSync(join(root, 'lang/bin/python3.12'), join(root, 'lang/bin/python3.7'));
    const env = { AWS_EXECUTION_ENV: 'AWS_Lambda_python3.7', AWS_LAMBDA_EXEC_WRAPPER: '/opt/nope' };
    const { status, args } = bootstrap(root, env);
    assert.deepEqual([status, args[0]], [0, join(root, 'lang/bin/python3.7')]);
  });
});

eachPython('bootstrap', ({ version, path }) => {
  it('runs bootstrap.py beside it', (t) => {
    const root = layout(t);
    rmSync(join(root, 'lang/bin/python3.12'));
    symlinkSync(path, join(root, `lang/bin/python${version}`));
    cpSync(runtimeDir, join(root, 'runtime'), { recursive: true });
    const { status, stderr } = bootstrap(root, { AWS_EXECUTION_ENV: `AWS_Lambda_python${version}` });
    assert.equal(status, 1);
    assert.match(stderr, /^AWS_LAMBDA_RUNTIME_API is not set/);
  });
});
