import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { findCSharpCompiler } from './csharp-compiler.ts';

function write(root: string, name: string, mode = 0o644): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, name, { mode });
  return file;
}

/** A host with two SDKs beside one `dotnet`, another `dotnet` without any, and Mono's compiler. */
function host(t: TestContext) {
  const root = temporaryDirectory(t);
  return {
    bare: write(root, 'bare/dotnet', 0o755),
    dotnet: write(root, 'sdks/dotnet', 0o755),
    older: write(root, 'sdks/sdk/8.0.404/Roslyn/bincore/csc.dll'),
    newer: write(root, 'sdks/sdk/10.0.100/Roslyn/bincore/csc.dll'),
    mcs: write(root, 'bin/mcs', 0o755),
    searchPath: ['relative', path.join(root, 'absent'), path.join(root, 'bin')].join(':'),
  };
}

test('the newest SDK comes first, with the dotnet it lies beside', (t) => {
  const { bare, dotnet, newer, searchPath } = host(t);
  const found = findCSharpCompiler([bare, dotnet], searchPath);
  assert.deepEqual([found?.kind, found?.command], ['sdk', [dotnet, 'exec', newer]]);
});

test('without an SDK, Mono’s compiler is found on PATH; it is another one once it was replaced', (t) => {
  const { bare, mcs, searchPath } = host(t);
  const found = findCSharpCompiler([bare], searchPath)!;
  assert.deepEqual([found.kind, found.command], ['mono', [mcs]]);
  assert.equal(findCSharpCompiler([bare], searchPath)?.identity, found.identity);
  utimesSync(mcs, 1, 1);
  assert.notEqual(findCSharpCompiler([bare], searchPath)?.identity, found.identity);
});

test('there may be none', (t) => {
  assert.equal(findCSharpCompiler([host(t).bare], '/nowhere:relative'), undefined);
});
