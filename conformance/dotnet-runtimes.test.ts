import assert from 'node:assert/strict';
import { cpSync, globSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { compileCSharp } from '../bootstraps/testing/compile-csharp.ts';
import {
  dotnetFramework,
  dotnetRuntime,
  publishLibrary,
  writeRuntimeConfig,
} from './support/dotnet-functions.ts';
import { checkout, runHostProgram } from './support/host-program.ts';
import { extensions, packageDirectory, packageOf } from './support/packages.ts';
import { pathWithout } from './support/path-without.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';

/** With as much time as a busy machine takes to start .NET. */
const memory = ['--memory', '256', '--cpu', 'host', '--timeout', '30'];
const fixtures = path.join(checkout, 'conformance/fixtures/dotnet');

/** Undefined, and the test is skipped, where there is no .NET here or nothing to compile with. */
async function framework(t: TestContext): Promise<string | undefined> {
  const found = await dotnetFramework();
  if ('framework' in found) return found.framework;
  t.skip(found.refusal);
  return undefined;
}

/** The program of the fixtures, compiled, and a layer with the startup hook. */
async function compiled(t: TestContext): Promise<{ code: string; layer: string } | undefined> {
  const directory = await framework(t);
  if (directory === undefined) return undefined;
  const [code, layer] = [packageDirectory(t), packageDirectory(t)];
  const sources = [path.join(fixtures, 'Acts.cs')];
  compileCSharp(directory, path.join(code, 'Acts.dll'), { sources, isProgram: true });
  writeRuntimeConfig(code, 'Acts');
  mkdirSync(path.join(layer, 'dotnet'));
  const hook = [path.join(fixtures, 'Hook.cs')];
  compileCSharp(directory, path.join(layer, 'dotnet/Hook.dll'), { sources: hook });
  return { code, layer };
}

describe(dotnetRuntime, { concurrency: 2 }, () => {
  test('an executable assembly: answers, error, wrapper, startup hook, external extension, cultures', async (t) => {
    const built = await compiled(t);
    if (built === undefined) return;
    const { code, layer } = built;
    cpSync(packageOf(t, { wrapper: '#!/bin/sh\nWRAPPED="$*" exec "$@"\n' }), layer, { recursive: true });
    const run = (event: object) =>
      runThaw(t, [
        ...[
          code,
          '--runtime',
          dotnetRuntime,
          '--handler',
          'Acts',
          ...memory,
          '--event',
          JSON.stringify(event),
        ],
        ...['--layer', layer, ...extensions('good'), '--invocations', '2'],
        ...['--env', 'AWS_LAMBDA_EXEC_WRAPPER=/opt/wrapper'],
        ...['--env', 'DOTNET_STARTUP_HOOKS=/opt/dotnet/Hook.dll'],
      ]);
    const ended = await run({ act: 'echo', ž: 1 });
    expectStatus(ended, 0);
    const { runtime: version, month, ...seen } = ended.results[1]!.payload;
    assert.match(version, /^3\.1\./);
    assert.deepEqual(seen, {
      event: { act: 'echo', ž: 1 },
      AWS_EXECUTION_ENV: `AWS_Lambda_${dotnetRuntime}`,
      DOTNET_ROOT: '/var/lang/bin',
      LAMBDA_RUNTIME_NAME: dotnetRuntime,
      WRAPPED: '/var/lang/bin/dotnet exec /var/task/Acts.dll',
      HOOKED: 'yes',
    });
    if (globSync('/usr/lib/{*/,}libicuuc.so.[0-9]*').length > 0) assert.equal(month, 'březen');
    assert.equal(ended.told.lines('function')[0], `invocation ${ended.results[0]!.requestId}`);
    assert.ok(ended.story.includes('extension good Ready'), ended.story.join('\n'));

    const failed = await run({ act: 'fail' });
    expectStatus(failed, 1);
    const payload = { errorType: 'Refused', errorMessage: 'refused' };
    assert.deepEqual(
      failed.results.map((result) => result.payload),
      [payload, payload],
    );
  });

  for (const [what, files, handler, status, words] of [
    ['nothing to start', { a: '' }, 'Acts', 104, /neither an assembly \/var\/task\/Acts\.dll nor a program/],
    ['no dependencies', { a: '' }, 'A::A.F::Run', 105, /no A\.deps\.json in \/var\/task/],
    [
      'no configuration',
      { 'A.deps.json': '' },
      'A::A.F::Run',
      106,
      /no A\.runtimeconfig\.json in \/var\/task/,
    ],
  ] as const) {
    test(`${what}: exit status ${status}, and what to do`, async (t) => {
      if ((await framework(t)) === undefined) return;
      const code = packageOf(t, files);
      const ended = await runThaw(t, [code, '--runtime', dotnetRuntime, '--handler', handler, ...memory]);
      expectStatus(ended, 3);
      assert.match(ended.results[0]?.payload.errorMessage, new RegExp(`exit status ${status}$`));
      assert.match(ended.told.lines('function')[0] ?? '', words);
    });
  }

  test('a class library: wrapper, an error with its frames, an answer that is too large', async (t) => {
    const directory = await framework(t);
    if (directory === undefined) return;
    const code = packageDirectory(t);
    publishLibrary(directory, code, 'Library', { sources: [path.join(fixtures, 'Library.cs')] });
    const layer = packageOf(t, { wrapper: '#!/bin/sh\necho "wrapped $*"\nexec "$@"\n' });
    const ended = await runThaw(t, [
      ...[code, '--runtime', dotnetRuntime, '--handler', 'Library::Example.Library::Run', ...memory],
      ...['--event', JSON.stringify({ acts: ['echo', 'throw', 'much', 'echo'], ž: 1 }), '--invocations', '4'],
      ...['--layer', layer, '--env', 'AWS_LAMBDA_EXEC_WRAPPER=/opt/wrapper'],
    ]);
    expectStatus(ended, 3);
    const [echoed, failed, large, again] = ended.results.map(({ payload }) => payload);
    const files = ['deps', 'runtimeconfig'].map((name) => `/var/task/Library.${name}.json`);
    assert.equal(
      ended.told.lines('function')[0],
      `wrapped /var/lang/bin/dotnet exec --depsfile ${files[0]} --runtimeconfig ${files[1]} /var/runtime/Thaw.LambdaClient.dll Library::Example.Library::Run`,
    );
    assert.deepEqual(echoed, again);
    assert.equal(echoed.ž, 1);
    assert.equal(failed.errorType, 'OrderRefused');
    assert.equal(failed.errorMessage, 'no ž');
    assert.deepEqual(failed.stackTrace.length, 2);
    assert.match(failed.stackTrace[0], /^at Example\.Library\.Refuse\(\)/);
    assert.match(failed.stackTrace[1], /^at Example\.Library\.Run\(/);
    assert.equal(large.errorType, 'Function.ResponseSizeTooLarge');
    const told = ended.told.lines('function').join('\n');
    assert.match(told, /^The Runtime API answered 413 where it was about the response: /m);
  });

  test('a class library without a compiler: what to install', async (t) => {
    if ((await framework(t)) === undefined) return;
    const code = packageOf(t, { 'A.deps.json': '{}', 'A.runtimeconfig.json': '{}' });
    const env = { PATH: pathWithout(t, 'mcs') };
    const listed = await runHostProgram(['bin/thaw', 'runtimes'], { env });
    if (!listed.stdout.includes('no class libraries')) return t.skip('this host has a .NET SDK as well');
    const ended = await runThaw(t, [code, '--runtime', dotnetRuntime, '--handler', 'A::B::C', ...memory], {
      env,
    });
    expectStatus(ended, 3);
    assert.match(ended.results[0]?.payload.errorMessage, /exit status 107$/);
    const words = /A::B::C is a method of a class library.* no C# compiler .*: install a \.NET SDK.*mono-mcs/;
    assert.match(ended.told.lines('function')[0] ?? '', words);
    assert.match(
      listed.stdout,
      /^dotnetcore3\.1 +runs +3\.1\.\d+ \(.*\); no class libraries: install a \.NET SDK/m,
    );
    const findings = await runHostProgram(['bin/thaw', 'doctor', '--json'], { env });
    const { status, found } = JSON.parse(findings.stdout).find(
      ({ check }: { check: string }) => check === 'runtimes',
    );
    assert.equal(status, 'note');
    assert.match(found, /\(\* in part\): .*dotnetcore3\.1\*/);
  });

  test('a program of its own is started as it is', async (t) => {
    if ((await framework(t)) === undefined) return;
    const code = packageOf(t, {
      native: `#!/bin/bash
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
id=$(curl -sS -D - -o /dev/null "$api/next" | sed -n 's/^lambda-runtime-aws-request-id: \\(.*\\)\\r$/\\1/Ip')
curl -sS -o /dev/null -d '"native"' "$api/$id/response"
exec curl -sS "$api/next"
`,
    });
    const ended = await runThaw(t, [code, '--runtime', dotnetRuntime, '--handler', 'native', ...memory]);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload, 'native');
  });
});
