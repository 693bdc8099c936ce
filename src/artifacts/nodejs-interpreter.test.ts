import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type NodejsInterpreterOptions, resolveNodejsInterpreter } from './nodejs-interpreter.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

const ownMajor = Number.parseInt(process.versions.node, 10);
const own = `nodejs${ownMajor}.x` as 'nodejs24.x';

/** A host with no npm package and nothing on PATH, on which Thaw runs with another Node.js. */
function bareHost(root: string): NodejsInterpreterOptions {
  const thisProcess = { execPath: '/nowhere/node', version: '11.0.0' };
  return {
    storeRoot: path.join(root, 'store'),
    searchPath: '',
    resolveFrom: path.join(root, 'x.js'),
    thisProcess,
  };
}

/** A stand-in as version managers put on PATH: it starts the real program. */
function standIn(t: TestContext, body: string): string {
  const bin = temporaryDirectory(t);
  writeFileSync(path.join(bin, 'node'), `#!/bin/sh\n${body}\n`);
  chmodSync(path.join(bin, 'node'), 0o755);
  return bin;
}

function versionIn(dir: string): string {
  return execFileSync(path.join(dir, 'bin/node'), ['--version'], { encoding: 'utf8' }).trim();
}

test('the npm package of the wanted major, this checkout’s or an installed one', async (t) => {
  const root = temporaryDirectory(t);
  const packageDir = path.join(root, 'store/runtimes/nodejs18/node_modules/node');
  mkdirSync(path.join(packageDir, 'bin'), { recursive: true });
  writeFileSync(path.join(packageDir, 'package.json'), '{"name":"node","version":"18.20.8"}');
  await assert.rejects(resolveNodejsInterpreter('nodejs18.x', bareHost(root)), {
    code: 'interpreter-not-found',
  });
  writeFileSync(path.join(packageDir, 'bin/node'), '', { mode: 0o755 });
  const found = await resolveNodejsInterpreter('nodejs18.x', bareHost(root));
  assert.deepEqual(found, { dir: packageDir, version: '18.20.8', origin: 'npm-package' });

  const ofCheckout = await resolveNodejsInterpreter('nodejs24.x', { storeRoot: path.join(root, 'store') });
  assert.equal(ofCheckout.origin, 'npm-package');
  assert.equal(versionIn(ofCheckout.dir), `v${ofCheckout.version}`);
});

test('else the Node.js that runs Thaw, alone in a directory, once', async (t) => {
  const root = temporaryDirectory(t);
  const { thisProcess: _, ...host } = bareHost(root);
  const found = await resolveNodejsInterpreter(own, host);
  assert.equal(found.origin, 'this-process');
  assert.equal(found.version, process.versions.node);
  assert.equal(versionIn(found.dir), process.version);
  assert.deepEqual(readdirSync(found.dir, { recursive: true }).sort(), ['bin', 'bin/node']);
  assert.deepEqual(await resolveNodejsInterpreter(own, host), found);
  assert.deepEqual(
    readdirSync(path.join(root, 'store/runtimes')).length,
    2,
    'the interpreter and an empty scratch',
  );
});

test('else one on PATH, by what it starts in the end', async (t) => {
  const root = temporaryDirectory(t);
  const searchPath = [
    standIn(t, 'exit 1'),
    standIn(t, 'echo nonsense'),
    standIn(t, `exec ${process.execPath} "$@"`),
  ].join(':');
  const found = await resolveNodejsInterpreter(own, { ...bareHost(root), searchPath });
  assert.equal(found.origin, 'search-path');
  assert.equal(versionIn(found.dir), process.version);
});

test('never another major: the error says what there is and how to get the right one', async (t) => {
  const root = temporaryDirectory(t);
  const searchPath = standIn(t, `exec ${process.execPath} "$@"`);
  await assert.rejects(
    resolveNodejsInterpreter('nodejs10.x', { ...bareHost(root), searchPath }),
    (error: Error) => {
      assert.match(error.message, /nodejs10\.x needs Node\.js 10/);
      assert.ok(error.message.includes(`${process.execPath} (${process.versions.node})`));
      assert.ok(
        error.message.endsWith(`npm install --prefix ${path.join(root, 'store/runtimes/nodejs10')} node@10`),
      );
      return true;
    },
  );
});

test('a configured directory is the only one considered', async (t) => {
  const root = temporaryDirectory(t);
  const configuredDir = path.join(root, 'lang');
  mkdirSync(configuredDir);
  const options = { ...bareHost(root), configuredDir };
  await assert.rejects(resolveNodejsInterpreter(own, options), {
    code: 'interpreter-not-found',
    path: configuredDir,
  });
  mkdirSync(path.join(configuredDir, 'bin'));
  writeFileSync(path.join(configuredDir, 'bin/node'), `#!/bin/sh\nexec ${process.execPath} "$@"\n`, {
    mode: 0o755,
  });
  const found = await resolveNodejsInterpreter(own, options);
  assert.deepEqual(found, { dir: configuredDir, version: process.versions.node, origin: 'configured' });
  await assert.rejects(resolveNodejsInterpreter('nodejs10.x', options), { message: /Node\.js [\d.]+ there/ });
});
