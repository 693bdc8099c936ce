import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { archiveOptions, javaOptions } from '../../../src/artifacts/runtimes/java-options.ts';

const bootstrapFile = join(dirname(import.meta.dirname), 'var-runtime/bootstrap');
const every = [...archiveOptions('runtime.jsa', 25), ...javaOptions(25), '-classpath', 'a.jar:b.jar', 'Main'];

/** A layout like a sandbox's: runtime/bootstrap, its arguments and, as Java, a script that prints its own. */
function layout(t: TestContext, args: readonly string[] = every): string {
  const root = mkdtempSync(join(tmpdir(), 'thaw-java-bootstrap-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'lang/bin'), { recursive: true });
  mkdirSync(join(root, 'runtime/lib'), { recursive: true });
  writeScript(join(root, 'lang/bin/java'), 'printf "%s\\n" "$0" "$@"');
  copyFileSync(bootstrapFile, join(root, 'runtime/bootstrap'));
  writeFileSync(join(root, 'runtime/lib/arguments'), args.map((arg) => `${arg}\n`).join(''));
  return root;
}

function writeScript(file: string, body: string): void {
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

function bootstrap(root: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(join(root, 'runtime/bootstrap'), {
    env: { AWS_EXECUTION_ENV: 'AWS_Lambda_java25', _HANDLER: 'a.B::c', ...env },
    encoding: 'utf8',
  });
  return { status, stderr, args: stdout.split('\n').slice(0, -1) };
}

describe('bootstrap of Java', () => {
  it('starts the virtual machine with every argument as it is, and the handler', (t) => {
    const root = layout(t, ['-Dwith=a space $HOME *', '-classpath', 'a.jar:b.jar', 'Main']);
    const { status, args } = bootstrap(root);
    assert.equal(status, 0);
    assert.deepEqual(args, [
      join(root, 'lang/bin/java'),
      ...['-Dwith=a space $HOME *', '-classpath', 'a.jar:b.jar', 'Main', 'a.B::c'],
    ]);
  });

  it('gives the heap 85 % of the memory', (t) => {
    assert.equal(
      bootstrap(layout(t), { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512' }).args[1],
      '-XX:MaxHeapSize=445645k',
    );
  });

  for (const [customers, without] of [
    ['-Xmx100m', /^-XX:MaxHeapSize/],
    ['-XX:MaxRAMPercentage=50', /^-XX:MaxHeapSize/],
    ['-XX:+UseG1GC', /^-XX:\+UseSerialGC$/],
    ['-XX:TieredStopAtLevel=4', /Tiered/],
    ['-XX:+TieredCompilation', /Tiered/],
    ['-Xshare:off', /^-XX:SharedArchiveFile/],
    ['-Xlog:cds', /^-Xlog/],
  ] as const) {
    it(`leaves out what ${customers} of the customer is about`, (t) => {
      const root = layout(t);
      const memory = { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512' };
      const plain = bootstrap(root, memory).args;
      assert.ok(plain.some((arg) => without.test(arg)));
      const { args } = bootstrap(root, { ...memory, JAVA_TOOL_OPTIONS: `-Da=b ${customers} -Dc=d` });
      assert.deepEqual(
        args,
        plain.filter((arg) => !without.test(arg)),
      );
    });
  }

  it('goes through the wrapper, and says what is wrong with one', (t) => {
    const root = layout(t);
    const wrapper = join(root, 'my wrapper');
    writeScript(wrapper, 'echo wrapped\nexec "$@"');
    const wrapped = bootstrap(root, { AWS_LAMBDA_EXEC_WRAPPER: wrapper });
    assert.deepEqual(wrapped.args, ['wrapped', ...bootstrap(root).args]);
    const missing = bootstrap(root, { AWS_LAMBDA_EXEC_WRAPPER: '/opt/nope' });
    assert.deepEqual([missing.status, missing.stderr], [127, '/opt/nope: does not exist\n']);
    chmodSync(wrapper, 0o644);
    const plain = bootstrap(root, { AWS_LAMBDA_EXEC_WRAPPER: wrapper });
    assert.deepEqual([plain.status, plain.stderr], [126, `${wrapper}: is not an executable\n`]);
  });

  it('has no wrapper for java8', (t) => {
    const env = { AWS_EXECUTION_ENV: 'AWS_Lambda_java8', AWS_LAMBDA_EXEC_WRAPPER: '/opt/nope' };
    const { status, args } = bootstrap(layout(t), env);
    assert.deepEqual([status, args.at(-1)], [0, 'a.B::c']);
  });
});
