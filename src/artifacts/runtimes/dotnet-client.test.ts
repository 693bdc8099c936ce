import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import type { CSharpCompiler } from './csharp-compiler.ts';
import { keepDotnetRuntime } from './dotnet-client.ts';

const client = 'Thaw.LambdaClient.dll';

/** Sources of a client, a .NET of two assemblies, and a compiler that writes its arguments to where its output goes. */
function surroundings(t: TestContext) {
  const root = temporaryDirectory(t);
  const write = (name: string, text: string, mode = 0o644) => {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
    return file;
  };
  const framework = 'net/shared/Microsoft.NETCore.App/8.0.1';
  for (const name of ['System.dll', 'Microsoft.dll', 'native.so']) write(`${framework}/${name}`, '');
  write('sources/var-runtime/bootstrap', '#!/bin/sh\n', 0o600);
  for (const name of ['client/B.cs', 'client/A.cs', 'references/Missing.cs']) write(`sources/${name}`, name);
  const program = write(
    'compiler',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's.
    '#!/bin/sh\nfor word; do case $word in -out:*) echo "$@" > "${word#-out:}"; echo "$@" >> "$0.log" ;; esac; done\n',
    0o755,
  );
  const compiler = (kind: CSharpCompiler['kind'], identity = 'c1'): CSharpCompiler => ({
    kind,
    command: [program],
    identity,
  });
  const interpreter = { program: '', version: '8.0.1', prefix: path.join(root, 'net') };
  const keep = (by: CSharpCompiler | undefined) =>
    keepDotnetRuntime(interpreter, path.join(root, 'sources/var-runtime'), path.join(root, 'store'), by);
  const compilations = () => readFileSync(`${program}.log`, 'utf8').trimEnd().split('\n');
  return { root, write, keep, compiler, compilations, program };
}

test('an SDK compiles the sources against .NET’s own assemblies, once for a version and a compiler', async (t) => {
  const { root, write, keep, compiler, compilations } = surroundings(t);
  const kept = await keep(compiler('sdk'));
  assert.deepEqual(readdirSync(kept), [client, 'bootstrap']);
  const mode = (name: string) => (statSync(path.join(kept, name)).mode & 0o777).toString(8);
  assert.deepEqual([mode('bootstrap'), mode(client), mode('.')], ['755', '644', '755']);
  const words = readFileSync(path.join(kept, client), 'utf8').trimEnd().replaceAll(root, '').split(' ');
  const framework = '/net/shared/Microsoft.NETCore.App/8.0.1';
  assert.deepEqual(words.filter((word) => word.startsWith('-r:')).sort(), [
    `-r:${framework}/Microsoft.dll`,
    `-r:${framework}/System.dll`,
  ]);
  assert.deepEqual(words.slice(-2), ['/sources/client/A.cs', '/sources/client/B.cs']);
  assert.equal(await keep(compiler('sdk')), kept);
  assert.equal(compilations().length, 1);
  assert.notEqual(await keep(compiler('sdk', 'c2')), kept);
  write('sources/client/A.cs', 'changed');
  assert.notEqual(await keep(compiler('sdk')), kept);
  assert.equal(compilations().length, 3);
});

test('Mono’s compiler gets what it lacks declared first', async (t) => {
  const { root, keep, compiler, compilations } = surroundings(t);
  const kept = await keep(compiler('mono'));
  const [declared, compiled] = compilations().map((line) => line.replaceAll(root, ''));
  assert.match(
    declared!,
    /-target:library -out:\S+\/references\/Missing\.dll \/sources\/references\/Missing\.cs$/,
  );
  assert.match(compiled!, / -r:System\.dll -r:\S+\/references\/Missing\.dll -out:\S+ \S+A\.cs \S+B\.cs$/);
  assert.doesNotMatch(compiled!, /NETCore/);
  assert.deepEqual(readdirSync(kept), [client, 'bootstrap']);
});

test('without a compiler there is a bootstrap, and what to install', async (t) => {
  const { keep, compiler } = surroundings(t);
  const kept = await keep(undefined);
  assert.deepEqual(readdirSync(kept), ['bootstrap', 'no-client']);
  assert.match(readFileSync(path.join(kept, 'no-client'), 'utf8'), /no C# compiler .*\.NET SDK.*mono-mcs/);
  assert.deepEqual(readdirSync(await keep(compiler('mono'))), [client, 'bootstrap']);
});

test('a compiler that fails is quoted, and tried again', async (t) => {
  const { root, write, keep, compiler, program } = surroundings(t);
  const works = readFileSync(program, 'utf8');
  write('compiler', '#!/bin/sh\necho "A.cs(1): error"\nexit 1\n');
  const kept = await keep(compiler('sdk'));
  const said = readFileSync(path.join(kept, 'no-client'), 'utf8');
  assert.equal(said, `${root}/compiler could not compile it: A.cs(1): error\n`);
  writeFileSync(program, works);
  assert.deepEqual(readdirSync(await keep(compiler('sdk'))), [client, 'bootstrap']);
  assert.deepEqual(readdirSync(path.join(root, 'store/runtimes/scratch')), []);
});

test('a compiler that fails in silence leaves one directory, however often it is tried', async (t) => {
  const { root, write, keep, compiler } = surroundings(t);
  write('compiler', '#!/bin/sh\nexit 3\n');
  const kept = await keep(compiler('sdk'));
  assert.equal(await keep(compiler('sdk')), kept);
  const said = readFileSync(path.join(kept, 'no-client'), 'utf8');
  assert.equal(
    said,
    `${root}/compiler could not compile it: it said nothing, and ended with exit status 3\n`,
  );
});

test('many at a time keep one', async (t) => {
  const { root, keep, compiler } = surroundings(t);
  const kept = await Promise.all(Array.from({ length: 5 }, () => keep(compiler('mono'))));
  assert.equal(new Set(kept).size, 1);
  rmSync(path.join(root, 'store/runtimes/scratch'), { recursive: true });
  assert.equal(readdirSync(path.join(root, 'store/runtimes')).length, 1);
});
