import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { findCSharpCompiler } from '../../../src/artifacts/runtimes/csharp-compiler.ts';
import { keepDotnetRuntime } from '../../../src/artifacts/runtimes/dotnet-client.ts';
import { compileCSharp, missingCSharpCompiler } from '../../testing/compile-csharp.ts';
import { type FunctionFiles, type RunningRuntime, runRuntime } from '../../testing/run-runtime.ts';
import { dotnetCore } from './dotnets.ts';
import { programOfDotnet8 } from './published.ts';

/** A .NET to run the client with, and what its functions are compiled to. */
export interface Dotnet {
  readonly major: number;
  readonly command: (handler: string) => readonly [program: string, ...args: string[]];
  readonly variables: Readonly<Record<string, string>>;
}

export interface FunctionUnderTest extends Partial<FunctionFiles> {
  readonly handler: string;
}

/** The client on functions of `functions/`, as `<Functions or Bare>::Example.<Type>::<Method>`. */
export function runFunction(
  t: TestContext,
  { command, variables }: Dotnet,
  { handler, env, ...spec }: FunctionUnderTest,
): Promise<RunningRuntime> {
  const language = { command: command(handler), handler };
  return runRuntime(t, language, { files: {}, handler, ...spec, env: { ...variables, ...env } });
}

type Prepared = { readonly dotnets: readonly Dotnet[] } | { readonly refusal: string };

const tests = import.meta.dirname;
const prepared = await prepare();

/** Declares one suite for each .NET there is. */
export function eachDotnet(title: string, suite: (dotnet: Dotnet) => void): void {
  if ('refusal' in prepared) {
    it(title, { skip: prepared.refusal }, () => {});
    return;
  }
  for (const dotnet of prepared.dotnets)
    describe(`${title} (.NET ${dotnet.major})`, { concurrency: 2, timeout: 120_000 }, () => suite(dotnet));
}

async function prepare(): Promise<Prepared> {
  const core = dotnetCore();
  if (core === undefined) return { refusal: 'there is no .NET Core: scripts/setup.sh test installs it' };
  const refusal = missingCSharpCompiler();
  if (refusal !== undefined) return { refusal };
  const directory = mkdtempSync(join(tmpdir(), 'thaw-dotnet-'));
  after(() => rmSync(directory, { recursive: true, force: true }));
  const client = await compileClient(directory);
  const task = compileFunctions(core.framework, directory);
  const host = join(directory, 'Host.dll');
  compileCSharp(core.framework, host, { sources: [join(tests, 'functions/Host.cs')] });

  const common = { LAMBDA_TASK_ROOT: task, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' };
  const settings = ['--depsfile', join(task, 'Functions.deps.json')];
  settings.push('--runtimeconfig', join(task, 'Functions.runtimeconfig.json'));
  const dotnets: Dotnet[] = [
    {
      major: 3,
      command: (handler) => [core.program, 'exec', ...settings, client, handler],
      variables: common,
    },
  ];
  const program = await programOfDotnet8();
  if (program !== undefined)
    dotnets.push({
      major: 8,
      command: () => [program],
      variables: { ...common, DOTNET_STARTUP_HOOKS: host, CLIENT: client },
    });
  return { dotnets };
}

/** As Thaw does it, with Mono's compiler. */
async function compileClient(directory: string): Promise<string> {
  const compiler = findCSharpCompiler([], process.env.PATH ?? '');
  const interpreter = { program: '', prefix: '', version: '' };
  const kept = await keepDotnetRuntime(interpreter, join(tests, '../var-runtime'), directory, compiler);
  return join(kept, 'Thaw.LambdaClient.dll');
}

/** @returns the task root: everything in it is found, whether the settings name it or not. */
function compileFunctions(framework: string, directory: string): string {
  const task = join(directory, 'task');
  mkdirSync(task);
  const core = join(task, 'Amazon.Lambda.Core.dll');
  const fixtures = join(tests, '../../../conformance/fixtures/dotnet');
  compileCSharp(framework, core, { sources: [join(fixtures, 'core/Core.cs')] });
  const source = (name: string) => join(tests, 'functions', `${name}.cs`);
  compileCSharp(framework, join(task, 'Functions.dll'), {
    sources: [source('Forms'), source('Acts'), join(fixtures, 'JsonText.cs')],
    libraries: [core],
  });
  compileCSharp(framework, join(task, 'Bare.dll'), { sources: [source('Bare')] });
  writeFileSync(join(task, 'NoAssembly.dll'), 'no assembly');
  const runtime = { name: 'Microsoft.NETCore.App', version: '3.1.0' };
  const config = { runtimeOptions: { tfm: 'netcoreapp3.1', framework: runtime } };
  writeFileSync(join(task, 'Functions.runtimeconfig.json'), JSON.stringify(config));
  const target = '.NETCoreApp,Version=v3.1';
  const names = ['Functions', 'Bare', 'Amazon.Lambda.Core', 'NoAssembly'];
  const entries = names.map((name) => [`${name}/1.0.0`, { runtime: { [`${name}.dll`]: {} } }]);
  const libraries = names.map((name) => [
    `${name}/1.0.0`,
    { type: 'project', serviceable: false, sha512: '' },
  ]);
  const dependencies = {
    runtimeTarget: { name: target },
    targets: { [target]: Object.fromEntries(entries) },
    libraries: Object.fromEntries(libraries),
  };
  writeFileSync(join(task, 'Functions.deps.json'), JSON.stringify(dependencies));
  return task;
}
