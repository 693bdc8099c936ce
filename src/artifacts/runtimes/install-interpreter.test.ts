import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import yazl from 'yazl';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { type InstallStep, installInterpreter } from './install-interpreter.ts';
import { installedInterpreter } from './installed-interpreters.ts';
import type { InterpreterPackage } from './interpreter-packages.ts';

interface Registry {
  readonly storeRoot: string;
  readonly wanted: InterpreterPackage;
  /** Resolves when the archive has been asked for; with `hold`, it is then never answered. */
  readonly asked: Promise<void>;
}

/** A registry of this test's own, which npm is told to use, with one package whose `bin/node` is this script. */
async function registryWith(t: TestContext, program: string, { hold = false } = {}): Promise<Registry> {
  const root = temporaryDirectory(t);
  const name = 'node-of-a-test';
  mkdirSync(path.join(root, 'package/bin'), { recursive: true });
  writeFileSync(path.join(root, 'package/package.json'), JSON.stringify({ name, version: '18.0.1' }));
  writeFileSync(path.join(root, 'package/bin/node'), program);
  chmodSync(path.join(root, 'package/bin/node'), 0o755);
  execFileSync('tar', ['-czf', path.join(root, 'archive.tgz'), '-C', root, 'package']);
  const archive = readFileSync(path.join(root, 'archive.tgz'));
  const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  const asked = Promise.withResolvers<void>();
  const url = await serve(t, (request, response) => {
    if (request.url?.endsWith('.tgz')) {
      asked.resolve();
      if (!hold) response.end(archive);
      return;
    }
    const dist = { tarball: `http://${request.headers.host}/archive.tgz`, integrity };
    const versions = { '18.0.1': { name, version: '18.0.1', dist } };
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ name, versions, 'dist-tags': { latest: '18.0.1' } }));
  });
  setVariables(t, { npm_config_registry: url, npm_config_cache: path.join(root, 'cache') });
  const wanted: InterpreterPackage = {
    family: 'nodejs',
    version: '18.0.1',
    registry: 'npm',
    name,
    packageVersion: '18.0.1',
    integrity,
    directory: 'package',
  };
  return { storeRoot: path.join(root, 'store'), wanted, asked: asked.promise };
}

async function serve(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function setVariables(t: TestContext, variables: Readonly<Record<string, string>>): void {
  const before = { ...process.env };
  t.after(() => {
    process.env = before;
  });
  Object.assign(process.env, variables);
}

const saying = (version: string) => `#!/bin/sh\necho '["'"$0"'", "${version}", ""]'\n`;
const quiet = { signal: new AbortController().signal, onStep: () => {} };

/** What is below runtimes/, but for the directory that work in progress has. */
function installedIn(storeRoot: string): string[] {
  const runtimes = path.join(storeRoot, 'runtimes');
  const scratch = path.join(runtimes, 'scratch');
  assert.deepEqual(existsSync(scratch) ? readdirSync(scratch) : [], [], 'nothing half done is left');
  return existsSync(runtimes) ? readdirSync(runtimes).filter((name) => name !== 'scratch') : [];
}

test('an interpreter from npm is there whole, found from then on, and not fetched again', async (t) => {
  const { storeRoot, wanted } = await registryWith(t, saying('18.0.1'));
  const steps: InstallStep[] = [];
  const onStep = (step: InstallStep) => steps.push(step);
  const directory = await installInterpreter(wanted, storeRoot, { ...quiet, onStep });
  assert.deepEqual(steps, ['downloading', 'unpacking', 'trying']);
  assert.deepEqual(installedIn(storeRoot), ['nodejs-18.0.1']);
  assert.equal(installedInterpreter(storeRoot, 'nodejs', '18')?.prefix, directory);
  assert.equal(await installInterpreter(wanted, storeRoot, { ...quiet, onStep }), directory);
  assert.equal(steps.length, 3);
});

test('an archive that is not the pinned one is refused', async (t) => {
  const { storeRoot, wanted } = await registryWith(t, saying('18.0.1'));
  const pinned = { ...wanted, integrity: `sha512-${Buffer.alloc(64).toString('base64')}` };
  await assert.rejects(installInterpreter(pinned, storeRoot, quiet), {
    code: 'download-failed',
    message: /the archive is not the pinned one/,
  });
  assert.deepEqual(installedIn(storeRoot), []);
});

test('one that does not run here, or is another version, is not installed', async (t) => {
  for (const program of ['#!/bin/sh\nexit 1\n', saying('18.0.2')]) {
    const { storeRoot, wanted } = await registryWith(t, program);
    await assert.rejects(installInterpreter(wanted, storeRoot, quiet), {
      code: 'download-failed',
      message: /Node\.js 18\.0\.1 of the package node-of-a-test does not run on this machine/,
    });
    assert.deepEqual(installedIn(storeRoot), []);
  }
});

test('one that the registry does not have: its client’s own words', async (t) => {
  const { storeRoot, wanted } = await registryWith(t, saying('18.0.1'));
  const absent = { ...wanted, packageVersion: '18.0.9' };
  await assert.rejects(installInterpreter(absent, storeRoot, quiet), {
    message: /^node-of-a-test 18\.0\.9 cannot be had from npm: .*ETARGET/s,
  });
});

test('interrupted in the middle of a download: nothing is left, and the next try succeeds', async (t) => {
  const held = await registryWith(t, saying('18.0.1'), { hold: true });
  const abort = new AbortController();
  const installing = installInterpreter(held.wanted, held.storeRoot, { ...quiet, signal: abort.signal });
  await held.asked;
  abort.abort(new Error('enough'));
  await assert.rejects(installing, { message: 'enough' });
  assert.deepEqual(installedIn(held.storeRoot), []);
  const { wanted } = await registryWith(t, saying('18.0.1'));
  await installInterpreter(wanted, held.storeRoot, quiet);
  assert.deepEqual(installedIn(held.storeRoot), ['nodejs-18.0.1']);
});

test('an interpreter from PyPI, a part of what the package holds', async (t) => {
  try {
    execFileSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' });
  } catch {
    t.skip('there is no python3 with pip on PATH');
    return;
  }
  const file = 'node_of_a_test-18.0.1-py3-none-any.whl';
  const wheel = await wheelOf({
    'node_of_a_test/lang/bin/node': saying('18.0.1'),
    'node_of_a_test/__init__.py': '',
    'node_of_a_test-18.0.1.dist-info/METADATA':
      'Metadata-Version: 2.1\nName: node-of-a-test\nVersion: 18.0.1\n',
    'node_of_a_test-18.0.1.dist-info/WHEEL': 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    'node_of_a_test-18.0.1.dist-info/RECORD': '',
  });
  const url = await serve(t, (request, response) => {
    if (request.url === `/${file}`) response.end(wheel);
    else response.setHeader('Content-Type', 'text/html').end(`<a href="/${file}">${file}</a>`);
  });
  const storeRoot = path.join(temporaryDirectory(t), 'store');
  setVariables(t, { PIP_INDEX_URL: url, PIP_NO_CACHE_DIR: '1', PIP_CONFIG_FILE: '/dev/null' });
  const wanted: InterpreterPackage = {
    family: 'nodejs',
    version: '18.0.1',
    registry: 'PyPI',
    name: 'node-of-a-test',
    packageVersion: '18.0.1',
    integrity: `sha256-${createHash('sha256').update(wheel).digest('hex')}`,
    directory: 'node_of_a_test/lang',
  };
  const directory = await installInterpreter(wanted, storeRoot, quiet);
  assert.deepEqual(readdirSync(directory, { recursive: true }).sort(), ['bin', 'bin/node']);
  assert.deepEqual(installedIn(storeRoot), ['nodejs-18.0.1']);
});

async function wheelOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, text] of Object.entries(files))
    zip.addBuffer(Buffer.from(text), name, { mode: 0o100755 });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
