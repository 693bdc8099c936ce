import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';

const launcher = path.resolve(import.meta.dirname, '..', 'bin', 'thaw');
const deadlineMs = 60_000;

/** A checkout that holds the launcher and a main program of the test's own; `node` makes its interpreter. */
function checkout(t: TestContext, main: string, node: 'installed' | 'missing'): string {
  const root = mkdtempSync(path.join(tmpdir(), 'thaw launcher-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const directory of ['bin', 'src/cli', 'node_modules/.bin'])
    mkdirSync(path.join(root, directory), { recursive: true });
  copyFileSync(launcher, path.join(root, 'bin/thaw'));
  writeFileSync(path.join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(root, 'src/cli/start.ts'), main);
  symlinkSync('../../bin/thaw', path.join(root, 'node_modules/.bin/thaw'));
  if (node === 'installed') symlinkSync(process.execPath, path.join(root, 'node_modules/.bin/node'));
  return root;
}

function run(
  file: string,
  args: readonly string[],
  env = process.env,
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(file, args, { env, timeout: deadlineMs }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

test('arguments and exit status pass unchanged, also through a link and without TypeScript warnings', async (t) => {
  const root = checkout(
    t,
    'const a: string[] = process.argv.slice(2); console.log(JSON.stringify(a)); process.exitCode = 3;',
    'installed',
  );
  for (const file of ['bin/thaw', 'node_modules/.bin/thaw']) {
    const args = ['run', 'a b', '*', '', '--x="$y"'];
    const { code, stdout, stderr } = await run(path.join(root, file), args);
    assert.equal(code, 3);
    assert.deepEqual(JSON.parse(stdout), args);
    assert.equal(stderr, '');
  }
});

test('the launcher becomes the program, so signals reach it', async (t) => {
  const main =
    "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log(process.pid);";
  const child = spawn(path.join(checkout(t, main, 'installed'), 'bin/thaw'), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const signal = AbortSignal.timeout(deadlineMs);
  const [line] = await once(child.stdout, 'data', { signal });
  assert.equal(Number(line), child.pid);
  const exited = once(child, 'exit', { signal });
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [7, null]);
});

test('without packages the node on PATH serves if it is new enough, else both are named', async (t) => {
  const root = checkout(t, "console.log('started');", 'missing');
  const tools = path.join(root, 'tools');
  mkdirSync(tools);
  for (const tool of ['dirname', 'readlink']) symlinkSync(`/usr/bin/${tool}`, path.join(tools, tool));
  const thaw = path.join(root, 'bin/thaw');

  const none = await run(thaw, [], { PATH: tools });
  assert.equal(none.code, 1);
  assert.match(
    none.stderr,
    /needs Node\.js 24 or newer, and there is no node on PATH\.\n.*scripts\/setup\.sh/,
  );

  const node = path.join(tools, 'node');
  writeFileSync(node, '#!/bin/sh\necho v20.11.1\n');
  chmodSync(node, 0o755);
  const old = await run(thaw, [], { PATH: tools });
  assert.equal(old.code, 1);
  assert.ok(old.stderr.includes(`${node} is v20.11.1`), old.stderr);

  rmSync(node);
  symlinkSync(process.execPath, node);
  assert.equal((await run(thaw, [], { PATH: tools })).stdout, 'started\n');
});
