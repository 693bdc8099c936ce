import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { hasExtensions, hasWrapper, isOsOnly, type RuntimeId } from '../../src/domain/runtime-id.ts';
import { extensions } from '../support/packages.ts';
import { type Ended, expectStatus, runThaw } from '../support/run-thaw.ts';
import type { ResultRecord } from '../support/told.ts';
import type { Aspect } from './aspects.ts';
import type { Prepared } from './subject.ts';

const value = { list: [1, 2.5, null, 'ž'], deep: { a: { b: [] } } };
const names = [
  ...['GREETING', 'HOOKED', 'WRAPPED', '_HANDLER', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME'],
  ...['AWS_REGION', 'LAMBDA_TASK_ROOT', 'TZ'],
];
/** A start after the exit is part of an invocation, and on a busy machine takes seconds. */
const timeoutS = 12;
const external = 'records-events';

/** @returns what was verified, each only after everything that is said of it held. */
export async function checkRuntime(
  t: TestContext,
  runtime: RuntimeId,
  prepared: Prepared,
  more: readonly string[] = [],
): Promise<Set<Aspect>> {
  const { code, layer, hook = {}, memoryMB = 128 } = prepared;
  const variables = { GREETING: 'dobrý den', ...(hasExtensions(runtime) && hook) };
  const common = [
    ...[
      code,
      '--runtime',
      runtime,
      '--layer',
      layer,
      '--name',
      'matrix',
      '--memory',
      String(memoryMB),
      '--cpu',
      'host',
    ],
    ...Object.entries(variables).flatMap(([name, text]) => ['--env', `${name}=${text}`]),
    ...(hasWrapper(runtime) ? ['--env', 'AWS_LAMBDA_EXEC_WRAPPER=/opt/wrap'] : []),
    ...more,
  ];
  const event = (acts: readonly string[]) => ['--event', JSON.stringify({ acts, value, variables: names })];
  const life = await runThaw(t, [
    ...[...common, '--handler', prepared.handler, '--timeout', String(timeoutS), ...extensions(external)],
    ...[...event(['tell', 'throw', 'exit', 'hang']), '--invocations', '4'],
  ]);
  const verified = new Set<Aspect>();
  checkLife(life, runtime, prepared, memoryMB, verified);

  const handler = prepared.streamingHandler ?? prepared.handler;
  const recovery = await runThaw(t, [
    ...[...common, '--handler', handler, '--timeout', '20', '--log-format', 'JSON'],
    ...[...event(['tell']), '--env', 'FAILS_AT_INIT=yes'],
  ]);
  checkRecovery(recovery, prepared, verified);
  return verified;
}

/** An answer, an error of the handler, an exit and a timeout, one after another in one environment. */
function checkLife(
  life: Ended,
  runtime: RuntimeId,
  prepared: Prepared,
  memoryMB: number,
  verified: Set<Aspect>,
): void {
  expectStatus(life, 3);
  assert.equal(life.results.length, 4, life.stdout);
  const [told, thrown, exited, hung] = life.results as [
    ResultRecord,
    ResultRecord,
    ResultRecord,
    ResultRecord,
  ];

  assert.deepEqual([told.status, told.payload.value], ['success', value], life.stdout);
  verified.add('success');
  checkContext(told, memoryMB);
  verified.add('context');
  const { HOOKED, WRAPPED, ...variables } = told.payload.variables;
  assert.deepEqual(variables, {
    GREETING: 'dobrý den',
    _HANDLER: prepared.handler,
    AWS_LAMBDA_FUNCTION_NAME: 'matrix',
    AWS_REGION: told.payload.context.arn.split(':')[3],
    LAMBDA_TASK_ROOT: '/var/task',
    TZ: ':UTC',
    ...(!isOsOnly(runtime) && { AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}` }),
  });
  verified.add('variables');
  assert.equal(told.payload.layer, 'from the layer');
  verified.add('layer');
  assert.equal(WRAPPED ?? undefined, hasWrapper(runtime) ? 'yes' : undefined);
  if (hasWrapper(runtime)) verified.add('wrapper');
  const lines = life.told.lines('function').map((line) => line.trimEnd());
  const log = prepared.textLog(told.requestId);
  assert.ok(
    lines.some((line) => log.test(line)),
    `${log} is none of:\n${lines.join('\n')}`,
  );
  verified.add('Text log');

  assert.deepEqual([thrown.status, thrown.functionError], ['error', 'Unhandled']);
  assert.equal(thrown.payload.errorType, prepared.errorType);
  assert.match(thrown.payload.errorMessage, /not yet/);
  verified.add('handler error');

  assert.match(exited.payload.errorMessage, /Runtime exited with error: exit status 3$/);
  // One for the answer, the error and the exit, one for what comes after the exit.
  assert.equal(life.story.filter((line) => line.startsWith('initStart')).length, 2, life.story.join('\n'));
  verified.add('exit');
  assert.equal(hung.status, 'timeout');
  assert.match(hung.payload.errorMessage, new RegExp(`Task timed out after ${timeoutS}\\.00 seconds$`));
  verified.add('timeout');

  if (!hasExtensions(runtime)) return;
  const registered = life.told.records('platform.extension').slice(0, 2);
  assert.deepEqual(
    new Map(registered.map(({ name, state, events }) => [name, [state, events]])),
    new Map([
      [external, ['Ready', ['INVOKE', 'SHUTDOWN']]],
      [prepared.inside, ['Ready', []]],
    ]),
  );
  if (prepared.hook !== undefined) assert.equal(HOOKED, 'yes');
  verified.add('internal extension');
  assert.deepEqual(
    life.told.extensionEvents.map(({ eventType, shutdownReason }) => shutdownReason ?? eventType),
    ['INVOKE', 'INVOKE', 'INVOKE', 'failure', 'INVOKE', 'timeout'],
  );
  verified.add('external extension');
}

function checkContext({ requestId, payload }: ResultRecord, memoryMB: number): void {
  const { remainingMs, logStream, arn, ...context } = payload.context;
  assert.deepEqual(context, {
    requestId,
    functionName: 'matrix',
    functionVersion: '$LATEST',
    memoryMB,
    logGroup: '/aws/lambda/matrix',
  });
  assert.ok(remainingMs > 0 && remainingMs <= timeoutS * 1000, String(remainingMs));
  assert.match(logStream, /^\d{4}\/\d\d\/\d\d\/.*\[\$LATEST\][0-9a-f]{32}$/);
  assert.match(arn, /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:matrix$/);
}

/** Init fails; what was missing is there when the invocation starts it again. */
function checkRecovery(recovery: Ended, prepared: Prepared, verified: Set<Aspect>): void {
  expectStatus(recovery, 3);
  assert.ok(
    recovery.story.includes(`initReport init error ${prepared.initErrorType}`),
    recovery.story.join('\n'),
  );
  const told = recovery.results[0]!;
  assert.deepEqual([told.status, answerOf(told).value], ['success', value]);
  verified.add('init error');

  if (prepared.streamingHandler !== undefined) {
    assert.equal(told.streamed, true);
    verified.add('streaming');
  }
  if (prepared.logsNoJson === true) return;
  const logged = recovery.told.lines('function').find((line) => isAbout(line, 'told', told.requestId));
  assert.ok(logged !== undefined, recovery.stdout);
  verified.add('JSON log');
}

/** Behind the head of an HTTP response, where the answer is one: AWS's crate streams nothing else. */
function answerOf({ payload }: ResultRecord): { readonly value?: unknown } {
  return typeof payload === 'string' ? JSON.parse(payload.split('\0'.repeat(8)).at(-1)!) : payload;
}

/** In the JSON log format the record of a JSON line is that object, whoever wrote it. */
function isAbout(record: unknown, message: string, requestId: string): boolean {
  if (typeof record !== 'object' || record === null) return false;
  const { message: said, level, requestId: id, AWSRequestId, fields } = record as Record<string, unknown>;
  const nested = fields as Record<string, unknown> | undefined;
  return (
    (said ?? nested?.message) === message &&
    /^WARN/.test(String(level)) &&
    (id ?? AWSRequestId ?? nested?.requestId) === requestId
  );
}
