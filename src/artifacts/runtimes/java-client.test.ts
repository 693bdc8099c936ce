import assert from 'node:assert/strict';
import { existsSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { clientJars, javaClient } from './java-client.ts';

/**
 * A PATH for the test with a shell and little else; with `mvn`, where there is a body for it. Its `$out` is the directory
 * it is to fill.
 */
function withMaven(t: TestContext, body: string | undefined): void {
  const bin = temporaryDirectory(t);
  for (const name of ['sh', 'cat', 'mkfifo'])
    symlinkSync(realpathSync(`/usr/bin/${name}`), path.join(bin, name));
  if (body !== undefined) {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's.
    const findOutput = 'for word; do case $word in -DoutputDirectory=*) out=${word#*=} ;; esac; done';
    writeFileSync(path.join(bin, 'mvn'), `#!/bin/sh\n${findOutput}\n${body}\n`, { mode: 0o755 });
  }
  const before = process.env.PATH;
  process.env.PATH = bin;
  t.after(() => {
    process.env.PATH = before;
  });
}

function expectNothingKept(root: string): void {
  assert.equal(javaClient.installed(root), undefined);
  const runtimes = path.join(root, 'runtimes');
  const scratch = path.join(runtimes, 'scratch');
  assert.deepEqual(existsSync(scratch) ? readdirSync(scratch) : [], []);
  assert.deepEqual(
    readdirSync(runtimes).filter((name) => name !== 'scratch'),
    [],
  );
}

const never = new AbortController().signal;

test('jars that are not the pinned ones are refused', async (t) => {
  const root = temporaryDirectory(t);
  withMaven(t, clientJars.map((jar) => `echo another > "$out/${jar}"`).join('\n'));
  await assert.rejects(javaClient.install(root, never), {
    code: 'download-failed',
    message:
      /aws-lambda-java-core-\S+\.jar is not the pinned one: its sha256 is [0-9a-f]{64}, not [0-9a-f]{64}$/,
  });
  expectNothingKept(root);
});

test('what Maven cannot get is told in its own words', async (t) => {
  const root = temporaryDirectory(t);
  withMaven(t, 'echo "[ERROR] no such artifact"; exit 1');
  await assert.rejects(javaClient.install(root, never), {
    code: 'download-failed',
    message: /cannot be had from Maven Central: \[ERROR\] no such artifact$/,
  });
  expectNothingKept(root);
});

test('without Maven it is said what to install', async (t) => {
  const root = temporaryDirectory(t);
  withMaven(t, undefined);
  await assert.rejects(javaClient.install(root, never), {
    code: 'download-failed',
    message: /mvn is not on PATH: install Maven first$/,
  });
  expectNothingKept(root);
});

test('interrupted in the middle of a download: nothing is left', async (t) => {
  const root = temporaryDirectory(t);
  const begun = path.join(root, 'begun');
  withMaven(t, `mkfifo "${begun}.end"; : > "${begun}"; exec cat "${begun}.end"`);
  const abort = new AbortController();
  const seen = watch(root, { signal: AbortSignal.timeout(60_000) });
  const install = javaClient.install(path.join(root, 'store'), abort.signal);
  for await (const { filename } of seen) if (filename === 'begun') break;
  abort.abort(new Error('interrupted'));
  await assert.rejects(install, /interrupted/);
  expectNothingKept(path.join(root, 'store'));
});
