import assert from 'node:assert/strict';
import { cpSync, globSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { runHostProgram } from './support/host-program.ts';
import { extensions, packageDirectory, packageOf } from './support/packages.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';
import { runtimesHere } from './support/runtimes-here.ts';

/** The only one whose interpreter a registry has. */
const runtime = 'dotnetcore3.1';
const memory = ['--memory', '256'];

/** Undefined, and the test is skipped, where there is no .NET here. */
async function framework(t: TestContext): Promise<string | undefined> {
  const { interpreter, mend } = (await runtimesHere()).find((each) => each.runtime === runtime)!;
  if (interpreter === undefined) t.skip(mend);
  return (
    interpreter &&
    path.join(path.dirname(interpreter.program), 'shared/Microsoft.NETCore.App', interpreter.version)
  );
}

/** The fixture, compiled: a function's code and a layer. */
async function compiled(t: TestContext): Promise<{ code: string; layer: string } | undefined> {
  const directory = await framework(t);
  if (directory === undefined) return undefined;
  const [code, layer] = [packageDirectory(t), packageDirectory(t)];
  mkdirSync(path.join(layer, 'dotnet'));
  const build = ['conformance/fixtures/dotnet/build.sh', directory, code, path.join(layer, 'dotnet')];
  const built = await runHostProgram(['sh', ...build]);
  if (/mcs: (command )?not found/.test(built.stderr)) {
    t.skip('there is no mcs to compile the function with (Debian: mono-mcs)');
    return undefined;
  }
  assert.equal(built.status, 0, built.stderr + built.stdout);
  return { code, layer };
}

describe(runtime, { concurrency: 2 }, () => {
  test('an executable assembly: answers, error, wrapper, startup hook, external extension, cultures', async (t) => {
    const built = await compiled(t);
    if (built === undefined) return;
    const { code, layer } = built;
    cpSync(packageOf(t, { wrapper: '#!/bin/sh\nWRAPPED="$*" exec "$@"\n' }), layer, { recursive: true });
    const run = (event: object) =>
      runThaw(t, [
        ...[code, '--runtime', runtime, '--handler', 'Acts', ...memory, '--event', JSON.stringify(event)],
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
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      DOTNET_ROOT: '/var/lang/bin',
      LAMBDA_RUNTIME_NAME: runtime,
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
    [
      'a class library',
      { 'A.deps.json': '{}', 'A.runtimeconfig.json': '{}' },
      'A::A.F::Run',
      107,
      /Amazon\.Lambda\.RuntimeSupport.*LambdaBootstrap/,
    ],
  ] as const) {
    test(`${what}: exit status ${status}, and what to do`, async (t) => {
      if ((await framework(t)) === undefined) return;
      const code = packageOf(t, files);
      const ended = await runThaw(t, [code, '--runtime', runtime, '--handler', handler, ...memory]);
      expectStatus(ended, 3);
      assert.match(ended.results[0]?.payload.errorMessage, new RegExp(`exit status ${status}$`));
      assert.match(ended.told.lines('function')[0] ?? '', words);
    });
  }

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
    const ended = await runThaw(t, [code, '--runtime', runtime, '--handler', 'native', ...memory]);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload, 'native');
  });
});
