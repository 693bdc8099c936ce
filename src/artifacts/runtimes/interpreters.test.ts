import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RuntimeId } from '../../domain/runtime-id.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { InterpreterNotFound } from './interpreter-not-found.ts';
import { Interpreters, type InterpretersOptions } from './interpreters.ts';
import type { RuntimeSettings } from './runtime-settings.ts';

const own = `nodejs${Number.parseInt(process.versions.node, 10)}.x` as 'nodejs24.x';

/** A host with nothing on PATH and an empty home directory, on which Thaw runs with another Node.js. */
function bareHost(root: string): InterpretersOptions {
  const thisProcess = { program: '/nowhere/node', version: '11.0.0', prefix: '/nowhere' };
  return { storeRoot: path.join(root, 'store'), searchPath: '', home: path.join(root, 'home'), thisProcess };
}

function script(file: string, body: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return file;
}

/** A directory of programs, as on PATH. */
function onPath(t: TestContext, name: string, body: string): string {
  return path.dirname(script(path.join(temporaryDirectory(t), name), body));
}

const pythonSaying = (program: string, version: string, prefix: string) =>
  `echo '${JSON.stringify([program, version, prefix])}'`;
const startsOwn = `exec ${process.execPath} "$@"`;

async function langOf(interpreters: Interpreters, runtime: RuntimeId): Promise<string> {
  const [mount] = await interpreters.mounts(await interpreters.find(runtime));
  assert.equal(mount?.target, '/var/lang');
  return mount.sources[0]!;
}

const versionIn = (directory: string) =>
  execFileSync(path.join(directory, 'bin/node'), ['--version'], { encoding: 'utf8' }).trim();

test('the Node.js that runs Thaw, alone in a directory, once', async (t) => {
  const root = temporaryDirectory(t);
  const { thisProcess: _, ...host } = bareHost(root);
  const interpreters = new Interpreters(host);
  const found = await interpreters.find(own);
  assert.deepEqual([found.origin, found.version], ['host', process.versions.node]);
  const lang = await langOf(interpreters, own);
  assert.equal(versionIn(lang), process.version);
  assert.deepEqual(readdirSync(lang, { recursive: true }).sort(), ['bin', 'bin/node']);
  assert.equal(await langOf(new Interpreters(host), own), lang);
  assert.equal(readdirSync(path.join(root, 'store/runtimes')).length, 2, 'it and an empty scratch');
});

test('else one on PATH, by what it starts in the end', async (t) => {
  const directories = ['exit 1', 'echo nonsense', startsOwn].map((body) => onPath(t, 'node', body));
  const interpreters = new Interpreters({
    ...bareHost(temporaryDirectory(t)),
    searchPath: directories.join(':'),
  });
  const { program, origin } = await interpreters.find(own);
  assert.deepEqual([program, origin], [process.execPath, 'host']);
  assert.equal(versionIn(await langOf(interpreters, own)), process.version);
});

test('a stand-in that starts one version or another is passed over for what it stands for', async (t) => {
  const root = temporaryDirectory(t);
  const host = bareHost(root);
  const shims = path.join(root, 'shims');
  script(path.join(shims, 'python3.8'), pythonSaying('/wrong', '3.8.1', '/wrong'));
  const prefix = path.join(host.home!, '.pyenv/versions/3.8.18');
  script(path.join(prefix, 'bin/python3.8'), pythonSaying(`${prefix}/bin/python3.8`, '3.8.18', prefix));
  const interpreters = new Interpreters({ ...host, searchPath: shims });
  assert.equal((await interpreters.find('python3.8')).version, '3.8.18');
  assert.equal(await langOf(interpreters, 'python3.8'), prefix);
});

test('one of the system is shown through links: the system is there already', async (t) => {
  const root = temporaryDirectory(t);
  const answer = pythonSaying('/usr/bin/python3.9', '3.9.2', '/usr');
  const interpreters = new Interpreters({ ...bareHost(root), searchPath: onPath(t, 'python3', answer) });
  const lang = await langOf(interpreters, 'python3.9');
  const files = ['bin', 'bin/python3', 'bin/python3.9', 'pyvenv.cfg'];
  assert.deepEqual(readdirSync(lang, { recursive: true }).sort(), files);
});

test('one that Thaw installed comes before those of the host; the newest of them', async (t) => {
  const root = temporaryDirectory(t);
  const host = bareHost(root);
  for (const version of ['3.8.9', '3.8.18', '3.11.7', '3.80.1']) {
    script(path.join(host.storeRoot, `runtimes/python-${version}/bin/python3.8`), 'exit 1');
  }
  const answer = pythonSaying('/usr/bin/python3.8', '3.8.2', '/usr');
  const interpreters = new Interpreters({ ...host, searchPath: onPath(t, 'python3.8', answer) });
  const { origin, version } = await interpreters.find('python3.8');
  assert.deepEqual([origin, version], ['installed', '3.8.18']);
});

test('never another version: the error says what there is and what mends it', async (t) => {
  const root = temporaryDirectory(t);
  const answer = pythonSaying('/usr/bin/python3.11', '3.11.2', '/usr');
  const searchPath = [onPath(t, 'python3', answer), onPath(t, 'node', startsOwn)].join(':');
  const interpreters = new Interpreters({ ...bareHost(root), searchPath });
  await assert.rejects(interpreters.find('nodejs10.x'), (error: InterpreterNotFound) => {
    assert.ok(error instanceof InterpreterNotFound);
    assert.match(error.finding, /^nodejs10\.x needs Node\.js 10, and there is none/);
    // Where somebody else's installation would not be seen: theirs may be below another home.
    assert.ok(error.finding.includes(`Thaw has installed none below ${path.join(root, 'store/runtimes')},`));
    assert.ok(
      error.finding.includes(`/nowhere/node (11.0.0), ${process.execPath} (${process.versions.node})`),
    );
    assert.equal(error.mend, 'thaw runtimes install nodejs10.x');
    assert.equal(error.message, `${error.finding} To mend it: ${error.mend}`);
    return true;
  });
  // 3.1 is no beginning of 3.11.
  await assert.rejects(interpreters.find('python3.10'), {
    finding: /only \/usr\/bin\/python3\.11 \(3\.11\.2\)/,
  });
  await assert.rejects(interpreters.find('ruby2.7'), {
    finding: /this host has none of this language/,
    mend: /install Ruby 2\.7.*--interpreter ruby2\.7=/,
  });
});

test('a configured program is the only one considered', async (t) => {
  const root = temporaryDirectory(t);
  const program = path.join(root, 'lang/bin/node');
  const settings: RuntimeSettings = {
    interpreters: new Map([
      [own, program],
      ['nodejs10.x', program],
    ]),
    map: new Map(),
  };
  const { thisProcess: _, ...host } = bareHost(root);
  await assert.rejects(new Interpreters({ ...host, settings }).find(own), {
    code: 'interpreter-not-found',
    path: program,
    finding: /is no Node\.js that runs/,
  });
  script(program, startsOwn);
  const interpreters = new Interpreters({ ...host, settings });
  assert.deepEqual(await interpreters.find(own), {
    program: process.execPath,
    version: process.versions.node,
    prefix: path.dirname(path.dirname(process.execPath)),
    origin: 'configured',
    family: 'nodejs',
  });
  await assert.rejects(interpreters.find('nodejs10.x'), { finding: /is Node\.js 2\d\.[\d.]+/ });
});

test('what Java and .NET say of themselves is understood', async (t) => {
  const root = temporaryDirectory(t);
  const java = [
    'echo "    java.home = /usr/lib/jvm/java-8/jre" >&2',
    'echo "    java.version = 1.8.0_402" >&2',
  ].join('\n');
  const dotnet = [
    'echo "Microsoft.AspNetCore.App 8.0.4 [/opt/net/shared/Microsoft.AspNetCore.App]"',
    'echo "Microsoft.NETCore.App 6.0.29 [/opt/net/shared/Microsoft.NETCore.App]"',
    'echo "Microsoft.NETCore.App 8.0.4 [/opt/net/shared/Microsoft.NETCore.App]"',
  ].join('\n');
  const searchPath = [onPath(t, 'java', java), onPath(t, 'dotnet', dotnet)].join(':');
  const interpreters = new Interpreters({ ...bareHost(root), searchPath });
  const found = await interpreters.findProgram('java8.al2');
  assert.deepEqual([found.version, found.prefix], ['8.0.402', '/usr/lib/jvm/java-8/jre']);
  await assert.rejects(interpreters.find('java8.al2'), (error) => {
    assert.ok(error instanceof InterpreterNotFound);
    assert.match(error.finding, /^java8\.al2 needs AWS’s Java runtime client .* is not installed\.$/);
    assert.equal(error.mend, 'thaw runtimes install java8.al2');
    return true;
  });
  assert.equal((await interpreters.find('dotnet6')).version, '6.0.29');
  const net8 = await interpreters.find('dotnet8');
  assert.deepEqual(await interpreters.mounts(net8), [{ target: '/var/lang/bin', sources: ['/opt/net'] }]);
});

test('a Ruby that lies elsewhere is also where it was built to be', async (t) => {
  const root = temporaryDirectory(t);
  const host = bareHost(root);
  const prefix = path.join(host.home!, '.rbenv/versions/3.2.2');
  script(path.join(prefix, 'bin/ruby'), pythonSaying(`${prefix}/bin/ruby`, '3.2.2', prefix));
  const bin = temporaryDirectory(t);
  symlinkSync(path.join(prefix, 'bin/ruby'), path.join(bin, 'ruby'));
  const interpreters = new Interpreters({ ...host, searchPath: bin });
  const mounts = await interpreters.mounts(await interpreters.find('ruby3.2'));
  assert.deepEqual(
    mounts.map(({ target }) => target),
    ['/var/lang', prefix],
  );
});
