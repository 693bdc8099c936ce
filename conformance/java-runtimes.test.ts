import assert from 'node:assert/strict';
import { globSync, rmSync } from 'node:fs';
import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { compileJavaFunctions, type JavaFunctions } from './support/java-functions.ts';
import { extensions, packageDirectory, packageOf } from './support/packages.ts';
import { type Ended, expectStatus, runThaw } from './support/run-thaw.ts';
import { oneThatRuns, runtimesHere } from './support/runtimes-here.ts';

const runtimes = ['java8.al2', 'java11', 'java17', 'java21', 'java25'];
/** Where it does not matter which: the commonest first. */
const anyRuntime = ['java17', 'java21', 'java25', 'java11', 'java8.al2'];

let compiled: Awaited<ReturnType<typeof compileJavaFunctions>>;
before(async () => {
  compiled = await compileJavaFunctions();
});
after(() => {
  if ('directory' in compiled) rmSync(compiled.directory, { recursive: true, force: true });
});

/** Undefined, and the test is skipped, where something is missing here. */
async function functionsFor(
  t: TestContext,
  candidates: readonly string[],
): Promise<(JavaFunctions & { readonly runtime: string }) | undefined> {
  const runtime = await oneThatRuns(t, candidates);
  if (runtime === undefined) return undefined;
  if ('refusal' in compiled) {
    t.skip(compiled.refusal);
    return undefined;
  }
  return { ...compiled, runtime };
}

/** An invocation for each act, with memory that a virtual machine is quick with. */
function invoke(
  t: TestContext,
  { code, runtime }: { readonly code: string; readonly runtime: string },
  handler: string,
  acts: readonly unknown[],
  ...args: readonly string[]
): Promise<Ended> {
  const event = acts.length === 1 ? acts[0] : { acts };
  return runThaw(t, [
    ...[code, '--runtime', runtime, '--handler', handler, '--name', 'f', '--memory', '1769'],
    ...['--timeout', '30', '--event', JSON.stringify(event), '--invocations', String(acts.length), ...args],
  ]);
}

function lines({ told }: Ended): unknown[] {
  return told.all.filter(({ type }) => type === 'function').map(({ record }) => record);
}

test('the first function on a virtual machine says that it makes a class archive, before it takes its time', async (t) => {
  const runtime = await oneThatRuns(t, ['java17', 'java21', 'java25', 'java11']);
  if (runtime === undefined) return;
  const home = packageDirectory(t);
  await mkdir(path.join(home, 'runtimes'));
  for (const kept of globSync(path.join(process.env.THAW_HOME!, 'runtimes', '{java-*,javaclient-*[0-9]}')))
    if (!kept.includes('-on-')) await symlink(kept, path.join(home, 'runtimes', path.basename(kept)));
  const args = [packageOf(t, { 'no.class': '' }), '--runtime', runtime, '--handler', 'example.None'];
  const said = async () => {
    const { stderr } = await runThaw(t, [...args, '--memory', '1769'], { env: { THAW_HOME: home } });
    return stderr.split('\n').filter((line) => line.includes('class archive'));
  };
  const [line, ...others] = await said();
  assert.match(line ?? '', /^thaw: making a class archive for Java [\d.]+, once for this virtual machine: /);
  assert.deepEqual(others, []);
  assert.deepEqual(await said(), []);
});

describe('Java runtimes', { concurrency: 2 }, () => {
  for (const runtime of runtimes) {
    test(`${runtime}: answer, error, log, class path, layer, wrapper, agent, external extension`, async (t) => {
      const functions = await functionsFor(t, [runtime]);
      if (functions === undefined) return;
      const version = /^java(\d+)/.exec(runtime)![1]!;
      const ended = await invoke(
        t,
        functions,
        'example.Acts',
        [{ ž: [1, 2.5, null, {}] }, { act: 'surroundings' }, { act: 'throw' }, { act: 'place' }],
        ...['--layer', functions.layer, ...extensions('good')],
        ...['--env', 'AWS_LAMBDA_EXEC_WRAPPER=/opt/wrapper'],
        ...['--env', 'JAVA_TOOL_OPTIONS=-javaagent:/opt/agent.jar=hello'],
      );
      expectStatus(ended, 1);
      const [echoed, surroundings, failed, placed] = ended.results.map(({ payload }) => payload);
      assert.deepEqual(echoed, { ž: [1, 2.5, null, {}] });
      const { wrapped, classPath, tmp, heapMiB, ...rest } = surroundings;
      assert.deepEqual(rest, {
        java: version === '8' ? '1.8' : version,
        directory: '/var/task',
        agent: 'hello',
        executionEnv: `AWS_Lambda_${runtime}`,
        accessKey: Number(version) <= 11,
        invocations: 2,
      });
      assert.match(
        wrapped,
        /^\/var\/lang\/bin\/java (-\S+ )+-classpath \S+ com\.amazonaws\.services\.lambda\.runtime\.api\.client\.AWSLambda example\.Acts$/,
      );
      assert.match(classPath, /^\/var\/runtime\/lib\/aws-lambda-java-core-[^:]+\.jar:/);
      assert.ok(!tmp.some((name: string) => name.includes('jni')), tmp.join());
      // 85 % of 1769 MiB, less what the collector keeps for itself.
      assert.ok(heapMiB > 1300 && heapMiB <= 1504, `${heapMiB} MiB of heap`);
      const { stackTrace, ...error } = failed;
      assert.deepEqual(error, { errorMessage: 'no ž\nlines', errorType: 'example.Acts$OrderRefused' });
      assert.match(stackTrace[0], /^example\.Acts\.act\(Acts\.java:\d+\)$/);
      assert.match(stackTrace.at(-1), /^example\.Acts\.handleRequest\(Acts\.java:\d+\)$/);
      assert.deepEqual(placed, ['task', 'layer']);
      const told = lines(ended);
      assert.ok(
        told.some((line) => /^Picked up JAVA_TOOL_OPTIONS: -javaagent/.test(String(line))),
        told.join('\n'),
      );
      // Beside the error there is nothing else: no warnings of the virtual machine.
      const ofError = /^$|^no ž|^lines|OrderRefused|^\t|^Caused by/;
      assert.deepEqual(
        told.filter((line) => !ofError.test(String(line)) && !/^Picked up/.test(String(line))),
        [],
      );
      assert.ok(ended.story.includes('extension good Ready'));
    });
  }

  test('handlers of every form', async (t) => {
    const functions = await functionsFor(t, anyRuntime);
    if (functions === undefined) return;
    const answerTo = async (handler: string, event: unknown) => {
      const ended = await invoke(t, functions, handler, [event]);
      expectStatus(ended, 0);
      return ended.results[0];
    };
    const order = { name: 'book', amounts: [1, 2] };
    assert.deepEqual((await answerTo('example.Forms::take', order))?.payload, {
      ...order,
      name: 'book of f',
    });
    assert.equal((await answerTo('example.Forms::sum', [1, 2, 3]))?.payload, 6);
    assert.deepEqual((await answerTo('example.Acts::handleRequest', { a: 1 }))?.payload, { a: 1 });
    assert.equal((await answerTo('example.Forms$Stream', { ž: 1 }))?.payload, 'not JSON: {"ž":1}');
    const sqs = {
      Records: [{ messageId: 'm1', body: 'hello', eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:q' }],
    };
    assert.deepEqual((await answerTo('example.Forms$Queue', sqs))?.payload, [
      'm1=hello from arn:aws:sqs:us-east-1:123456789012:q',
    ]);
  });

  test('the class path: the function’s classes, its libraries, the layers', async (t) => {
    const functions = await functionsFor(t, anyRuntime);
    if (functions === undefined) return;
    const code = path.join(packageDirectory(t), 'code');
    await cp(functions.code, code, { recursive: true });
    const place = async () => {
      const args = ['--layer', functions.layer];
      const ended = await invoke(t, { ...functions, code }, 'example.Acts', [{ act: 'place' }], ...args);
      expectStatus(ended, 0);
      return ended.results[0]?.payload;
    };
    await rm(path.join(code, 'example/Placed.class'));
    assert.deepEqual(await place(), ['code library', 'layer']);
    await rm(path.join(code, 'lib/placed.jar'));
    assert.deepEqual(await place(), ['layer', 'layer']);
  });

  test('the context', async (t) => {
    const functions = await functionsFor(t, anyRuntime);
    if (functions === undefined) return;
    const ended = await invoke(t, functions, 'example.Acts', [{ act: 'context' }]);
    expectStatus(ended, 0);
    const { requestId, payload } = ended.results[0]!;
    const { logStreamName, ...rest } = payload;
    assert.match(logStreamName, /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    assert.deepEqual(rest, {
      awsRequestId: requestId,
      logGroupName: '/aws/lambda/f',
      functionName: 'f',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
      memoryLimitInMB: 1769,
      hasTime: true,
      identity: false,
      clientContext: true,
      traced: true,
    });
  });

  test('errors of Init: static initialiser, constructor', async (t) => {
    const functions = await functionsFor(t, anyRuntime);
    if (functions === undefined) return;
    for (const [handler, errorType, errorMessage] of [
      [
        'example.Broken$InStatic::handle',
        'java.lang.ExceptionInInitializerError',
        'Error loading class example.Broken$InStatic',
      ],
      ['example.Broken$InConstructor::handle', 'java.lang.IllegalArgumentException', 'never made'],
    ] as const) {
      const ended = await invoke(t, functions, handler, [{}]);
      expectStatus(ended, 3);
      assert.ok(
        ended.story.includes('initReport init error Runtime.BadFunctionCode'),
        ended.story.join('\n'),
      );
      assert.deepEqual(ended.results[0]?.payload, { errorMessage, errorType });
    }
  });

  test('a class or method that is not there is told at the first invocation, not at Init', async (t) => {
    const functions = await functionsFor(t, anyRuntime);
    if (functions === undefined) return;
    const noClass = await invoke(t, functions, 'example.Nowhere', [{}]);
    expectStatus(noClass, 1);
    assert.ok(noClass.story.includes('initReport init success'), noClass.story.join('\n'));
    assert.deepEqual(noClass.results[0]?.payload, {
      errorMessage: 'Class not found: example.Nowhere',
      errorType: 'java.lang.ClassNotFoundException',
    });
    const noMethod = await invoke(t, functions, 'example.Forms::nowhere', [{}]);
    expectStatus(noMethod, 1);
    assert.match(
      noMethod.results[0]?.payload.errorMessage,
      /^No public method named nowhere .*example\.Forms$/,
    );
  });

  test('a timeout, an exit and an exhausted memory reset the environment', async (t) => {
    const functions = await functionsFor(t, anyRuntime);
    if (functions === undefined) return;
    const acts = ['hang', 'exit', 'exhaust', 'surroundings'].map((act) => ({ act }));
    const ended = await invoke(t, functions, 'example.Acts', acts, '--timeout', '20');
    expectStatus(ended, 3);
    const [hung, exited, exhausted, fine] = ended.results;
    assert.equal(hung?.status, 'timeout');
    assert.match(exited?.payload.errorMessage, /Runtime exited with error: exit status 3$/);
    assert.deepEqual(
      [exhausted?.payload.errorType, exhausted?.payload.errorMessage],
      ['java.lang.OutOfMemoryError', 'none left'],
    );
    // Each in an environment of its own.
    assert.equal(fine?.payload.invocations, 1);
  });

  test('logs as text: lines of the function, records with their levels and line ends', async (t) => {
    const functions = await functionsFor(t, anyRuntime);
    if (functions === undefined) return;
    const ended = await invoke(t, functions, 'example.Acts', [{ act: 'log' }]);
    expectStatus(ended, 0);
    const told = lines(ended).map(String);
    const records = ['as it is', '[DEBUG] quiet', '[INFO] told', '[ERROR] two\nlines'];
    const printed = ['printed ž', 'to stderr', 'two', 'lines'];
    // Two pipes: each has its own order.
    assert.deepEqual(
      told.filter((line) => records.includes(line)),
      records,
    );
    assert.deepEqual(
      told.filter((line) => !records.includes(line)),
      printed,
    );
  });

  test('logs as JSON, filtered by level', async (t) => {
    const functions = await functionsFor(t, anyRuntime);
    if (functions === undefined) return;
    const ended = await invoke(t, functions, 'example.Acts', [{ act: 'log' }], '--log-format', 'JSON');
    expectStatus(ended, 0);
    const { requestId } = ended.results[0]!;
    const records = lines(ended).filter((record) => typeof record === 'object') as Record<string, string>[];
    assert.deepEqual(
      records.map(({ timestamp, ...record }) => record),
      [
        { message: 'as it is', level: 'UNDEFINED', AWSRequestId: requestId },
        { message: 'told', level: 'INFO', AWSRequestId: requestId },
        { message: 'two\nlines', level: 'ERROR', AWSRequestId: requestId },
      ],
    );
    for (const { timestamp } of records) assert.match(timestamp!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('options of JAVA_TOOL_OPTIONS come over those that the runtime has by default', async (t) => {
    const functions = await functionsFor(t, anyRuntime);
    if (functions === undefined) return;
    const customers = '-Xmx300m -XX:+UseParallelGC -XX:TieredStopAtLevel=4';
    const ended = await invoke(
      t,
      functions,
      'example.Acts',
      [{ act: 'surroundings' }],
      ...['--layer', functions.layer, '--env', 'AWS_LAMBDA_EXEC_WRAPPER=/opt/wrapper'],
      ...['--env', `JAVA_TOOL_OPTIONS=${customers}`],
    );
    expectStatus(ended, 0);
    const { heapMiB, wrapped } = ended.results[0]!.payload;
    assert.ok(heapMiB <= 300, `${heapMiB} MiB of heap`);
    assert.doesNotMatch(wrapped, /MaxHeapSize|Use\w+GC|Tiered/);
    assert.deepEqual(lines(ended), [`Picked up JAVA_TOOL_OPTIONS: ${customers}`]);
  });

  test('an extension registered from inside gets a SIGTERM through to the hooks of the shutdown', async (t) => {
    const functions = await functionsFor(t, anyRuntime);
    if (functions === undefined) return;
    const ended = await invoke(t, functions, 'example.Stops::handle', [{}], ...extensions('good'));
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload, 'served');
    assert.deepEqual(lines(ended), ['stopping']);
  });

  test('start with the archive of classes that was made for them', async (t) => {
    const functions = await functionsFor(t, anyRuntime.slice(0, -1));
    if (functions === undefined) return;
    const ended = await invoke(
      t,
      functions,
      'example.Acts',
      [{ plain: true }],
      ...['--env', 'JAVA_TOOL_OPTIONS=-Xlog:class+load=info:stdout'],
    );
    expectStatus(ended, 0);
    const told = lines(ended).map(String);
    const client = told.filter((line) => line.includes(' com.amazonaws.services.lambda.runtime.api.client.'));
    const archived = client.filter((line) => line.includes('source: shared objects file'));
    assert.ok(client.length > 30, `${client.length} classes of the client`);
    assert.ok(archived.length / client.length > 0.7, `${archived.length} of ${client.length} are archived`);
  });
});

test('AWS’s own Java client runs unmodified as the bootstrap of an OS-only function', async (t) => {
  const functions = await functionsFor(t, anyRuntime);
  if (functions === undefined) return;
  const java = (await runtimesHere())
    .filter(({ runtime }) => anyRuntime.includes(runtime))
    .map(({ interpreter }) => interpreter?.program)
    .find((program) => program?.startsWith('/usr/'));
  if (java === undefined) return t.skip('the system has no Java of its own');
  const [code, client] = [path.join(packageDirectory(t), 'code'), path.join(packageDirectory(t), 'client')];
  await cp(functions.code, code, { recursive: true });
  await writeFile(
    path.join(code, 'bootstrap'),
    `#!/bin/sh
exec ${java} --add-opens=java.base/java.io=ALL-UNNAMED -classpath '/opt/*' com.amazonaws.services.lambda.runtime.api.client.AWSLambda "$_HANDLER"
`,
    { mode: 0o755 },
  );
  const [installed] = globSync(path.join(process.env.THAW_HOME!, 'runtimes/javaclient-+([0-9.])'));
  assert.ok(installed);
  await cp(installed, client, { recursive: true });
  const ended = await invoke(
    t,
    { code, runtime: 'provided.al2023' },
    'example.Acts',
    [{ n: 1 }, { act: 'throw' }],
    ...['--layer', client, ...extensions('good')],
  );
  expectStatus(ended, 1);
  assert.deepEqual(ended.results[0]?.payload, { n: 1 });
  assert.equal(ended.results[1]?.payload.errorType, 'example.Acts$OrderRefused');
});
