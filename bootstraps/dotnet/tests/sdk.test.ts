import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { findCSharpCompiler } from '../../../src/artifacts/runtimes/csharp-compiler.ts';
import { keepDotnetRuntime } from '../../../src/artifacts/runtimes/dotnet-client.ts';
import { compileCSharp, missingCSharpCompiler } from '../../testing/compile-csharp.ts';
import { runRuntime } from '../../testing/run-runtime.ts';
import { writeFiles } from '../../testing/write-files.ts';
import { dotnetCore } from './dotnets.ts';
import { programOfDotnet8, roslyn } from './published.ts';

const tests = import.meta.dirname;

it('the compiler of an SDK compiles the client, without a warning, and it runs', {
  timeout: 180_000,
}, async (t) => {
  const core = dotnetCore();
  if (core === undefined) return t.skip('there is no .NET Core: scripts/setup.sh test installs it');
  const missing = missingCSharpCompiler();
  if (missing !== undefined) return t.skip(missing);
  const [program, assemblies] = [await programOfDotnet8(), await roslyn()];
  if (program === undefined || assemblies === undefined) return t.skip('there is no Roslyn for this machine');

  // A dotnet that understands `exec …/csc.dll` and what follows.
  const root = writeFiles(t, { 'sdk/8.0.100/Roslyn/bincore/csc.dll': '' });
  const hook = join(root, 'Compiler.dll');
  compileCSharp(core.framework, hook, {
    sources: [join(tests, 'functions/Compiler.cs')],
    libraries: ['Microsoft.CSharp.dll', 'netstandard.dll'].map((name) => join(core.framework, name)),
  });
  const dotnet = join(root, 'dotnet');
  const environment = `DOTNET_STARTUP_HOOKS=${hook} ROSLYN=${assemblies} ARGUMENTS=${root}/arguments`;
  writeFileSync(
    dotnet,
    `#!/bin/sh\nshift 2\nprintf '%s\\n' "$@" >${root}/arguments\n${environment} exec ${program}\n`,
    { mode: 0o755 },
  );

  const compiler = findCSharpCompiler([dotnet], '');
  const kept = await keepDotnetRuntime(core, join(tests, '../var-runtime'), join(root, 'store'), compiler);
  const words = readFileSync(join(root, 'arguments'), 'utf8');
  assert.ok(words.includes(`-r:${core.framework}/System.Runtime.dll\n`), words);

  mkdirSync(join(root, 'task'));
  compileCSharp(core.framework, join(root, 'task/Bare.dll'), { sources: [join(tests, 'functions/Bare.cs')] });
  const runtime = { name: 'Microsoft.NETCore.App', version: '3.1.0' };
  cpSync(join(kept, 'Thaw.LambdaClient.dll'), join(root, 'task/Thaw.LambdaClient.dll'));
  writeFileSync(
    join(root, 'task/Thaw.LambdaClient.runtimeconfig.json'),
    JSON.stringify({ runtimeOptions: { tfm: 'netcoreapp3.1', framework: runtime } }),
  );
  const handler = 'Bare::Example.Bare::Echo';
  const command = [core.program, 'exec', join(root, 'task/Thaw.LambdaClient.dll'), handler] as const;
  const variables = () => ({ DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' });
  const running = await runRuntime(t, { command, handler, variables }, { files: {} });
  assert.equal((await running.api.invoke('[1]')).text, '[1]');
});
