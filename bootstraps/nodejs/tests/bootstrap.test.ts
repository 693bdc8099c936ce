import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { writeFiles } from '../../testing/write-files.ts';
import { runtimeDir } from './run-function.ts';

/** A layout like a sandbox's: runtime/bootstrap and, as the interpreter, a script that prints its arguments. */
function layout(t: TestContext, files: Record<string, string> = {}): string {
  const root = writeFiles(t, { 'lang/bin/node': '#!/bin/sh\nprintf "%s\\n" "$0" "$@"\n', ...files });
  chmodSync(join(root, 'lang/bin/node'), 0o755);
  mkdirSync(join(root, 'runtime'));
  copyFileSync(join(runtimeDir, 'bootstrap'), join(root, 'runtime/bootstrap'));
  return root;
}

function bootstrap(root: string, env: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(join(root, 'runtime/bootstrap'), { env, encoding: 'utf8' });
  return { status, stderr, args: stdout.split('\n').slice(0, -1) };
}

describe('bootstrap', () => {
  it('starts the interpreter with shares of the memory', (t) => {
    const root = layout(t);
    const { status, args } = bootstrap(root, { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769' });
    assert.equal(status, 0);
    assert.deepEqual(args, [
      join(root, 'lang/bin/node'),
      '--expose-gc',
      '--max-semi-space-size=88',
      '--max-old-space-size=1592',
      '--v8-pool-size=1',
      join(root, 'runtime/index.js'),
    ]);
  });

  it('leaves the heap to NODE_OPTIONS where it speaks of it', (t) => {
    const root = layout(t);
    for (const option of ['--max-old-space-size=1', '--max_semi_space_size=1']) {
      const env = { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128', NODE_OPTIONS: `--trace-warnings ${option}` };
      assert.deepEqual(bootstrap(root, env).args.slice(1, -1), ['--expose-gc', '--v8-pool-size=1']);
    }
  });

  it('gives V8 as many helper threads as the memory is worth of vCPUs, four at most', (t) => {
    const root = layout(t);
    const helpers = (memory: string, options = '') =>
      bootstrap(root, { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memory, NODE_OPTIONS: options }).args.filter(
        (flag) => flag.startsWith('--v8-pool-size'),
      );
    assert.deepEqual(helpers('128'), ['--v8-pool-size=1']);
    assert.deepEqual(helpers('1770'), ['--v8-pool-size=2']);
    assert.deepEqual(helpers('10240'), ['--v8-pool-size=4']);
    assert.deepEqual(helpers('128', '--v8-pool-size=3'), []);
  });

  it('keeps the features off that Lambda keeps off, unless asked for', (t) => {
    const root = layout(t);
    const flags = (major: number, options = '') =>
      bootstrap(root, { AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${major}.x`, NODE_OPTIONS: options }).args.slice(
        2,
        -1,
      );
    assert.deepEqual(flags(18), []);
    assert.deepEqual(flags(20), ['--no-experimental-require-module']);
    const [signal, require, detect] = [
      '--disable-sigusr1',
      '--no-experimental-require-module',
      '--no-experimental-detect-module',
    ];
    assert.deepEqual(flags(22), [signal, require, detect]);
    assert.deepEqual(flags(22, '--experimental-require-module'), [signal, detect]);
    assert.deepEqual(flags(22, '--experimental-detect-module'), [signal, require]);
    assert.deepEqual(flags(24), [signal]);
  });

  it('goes through the wrapper', (t) => {
    const root = layout(t, { 'my wrapper': '#!/bin/sh\necho wrapped\nexec "$@"\n' });
    const wrapper = join(root, 'my wrapper');
    chmodSync(wrapper, 0o755);
    const { status, args } = bootstrap(root, { AWS_LAMBDA_EXEC_WRAPPER: wrapper });
    assert.equal(status, 0);
    assert.deepEqual(args, [
      'wrapped',
      join(root, 'lang/bin/node'),
      '--expose-gc',
      join(root, 'runtime/index.js'),
    ]);
  });

  it('says what is wrong with a wrapper', (t) => {
    const root = layout(t, { plain: '#!/bin/sh\n' });
    const missing = bootstrap(root, { AWS_LAMBDA_EXEC_WRAPPER: '/opt/nope' });
    assert.deepEqual([missing.status, missing.stderr], [127, '/opt/nope: does not exist\n']);
    const plain = bootstrap(root, { AWS_LAMBDA_EXEC_WRAPPER: join(root, 'plain') });
    assert.deepEqual([plain.status, plain.stderr], [126, `${join(root, 'plain')}: is not an executable\n`]);
  });

  it('runs index.js beside it with a real interpreter', (t) => {
    const root = layout(t);
    rmSync(join(root, 'lang/bin/node'));
    symlinkSync(process.execPath, join(root, 'lang/bin/node'));
    symlinkSync(join(runtimeDir, 'index.js'), join(root, 'runtime/index.js'));
    const { status, stderr } = bootstrap(root, { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128' });
    assert.equal(status, 1);
    assert.match(stderr, /^AWS_LAMBDA_RUNTIME_API is not set/);
  });
});
