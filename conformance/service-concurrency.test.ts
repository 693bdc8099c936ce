import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateFunctionCommand,
  InvokeCommand,
  type LambdaClient,
  ListFunctionsCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { functionCode, packageDirectory } from './support/packages.ts';
import { deploy, type RunningService, role, startService, zipped } from './support/running-service.ts';
import { readMetrics, untilMetrics } from './support/service-metrics.ts';

const callers = 64;
const callsEach = 15;
const workMs = 10;
const slept = { function: 'sleeps' };

describe('many callers, many functions', () => {
  test(`${callers} callers at once of one function that takes ${workMs} ms: no error`, {
    timeout: 240_000,
  }, async (t) => {
    const service = await startService(t);
    await deploy(service, 'sleeps', await zipped(t, functionCode('sleeps')));
    const begunMs = performance.now();
    const calls = callAll(service.client);
    const [outcomes, unanswered] = await Promise.all([calls, mostAtOnce(service, calls)]);
    const elapsedMs = performance.now() - begunMs;
    assert.deepEqual(outcomes, { answered: callers * callsEach, throttled: 0 });
    const metrics = await untilInvoked(service, outcomes.answered);
    const most = metrics.sum('thaw_concurrent_executions_max', slept)!;
    const environments = metrics.sum('thaw_cold_starts_total')!;
    t.diagnostic(
      `at most ${unanswered} invocations without an answer at once; ` +
        `${environments} environments, at most ${most} of them at work at once; ` +
        `${Math.round((outcomes.answered * 1000) / elapsedMs)} invocations/s, cold starts included`,
    );
    assert.ok(unanswered > callers / 2 && unanswered <= callers, `${unanswered} at once`);
    assert.ok(most <= environments);
    // One for each that waits, at most, beside those that have answered and are not done yet: on a busy machine there
    // are some. But a host with few cores answers everybody before it has made so many.
    assert.ok(environments >= 2 && environments <= 2 * callers, `${environments} environments`);
    for (const metric of ['thaw_throttles_total', 'thaw_failed_starts_total'])
      assert.equal(metrics.sum(metric) ?? 0, 0, metric);
    assert.equal(await service.down(), 0);
  });

  test('as many as are reserved for it run at once, the others are told to come back', {
    timeout: 240_000,
  }, async (t) => {
    const reserved = 3;
    const service = await startService(t);
    await deploy(service, 'sleeps', await zipped(t, functionCode('sleeps')));
    const reservation = { FunctionName: 'sleeps', ReservedConcurrentExecutions: reserved };
    await service.client.send(new PutFunctionConcurrencyCommand(reservation));
    const outcomes = await callAll(service.client);
    assert.equal(outcomes.answered + outcomes.throttled, callers * callsEach);
    assert.ok(outcomes.answered >= reserved && outcomes.throttled > 0, JSON.stringify(outcomes));
    const metrics = await untilInvoked(service, outcomes.answered);
    assert.ok(metrics.sum('thaw_concurrent_executions_max', slept)! <= reserved);
    assert.ok(metrics.sum('thaw_cold_starts_total')! <= reserved);
    const throttles = { ...slept, reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' };
    assert.equal(metrics.sum('thaw_throttles_total', throttles), outcomes.throttled);
    t.diagnostic(`${outcomes.answered} answered, ${outcomes.throttled} throttled`);
    assert.equal(await service.down(), 0);
  });

  test('1,000 functions are listed in pages, and started with', { timeout: 240_000 }, async (t) => {
    const empty = await leastStartCpuMs(t, packageDirectory(t));
    const dataDirectory = packageDirectory(t);
    const service = await startService(t, [], dataDirectory);
    const ZipFile = await zipped(t, functionCode('echo'));
    const names = Array.from({ length: 1000 }, (_, number) => `function-${String(number).padStart(4, '0')}`);
    const begunMs = performance.now();
    await createAll(service.client, names, ZipFile);
    const createMs = performance.now() - begunMs;
    const listed: string[] = [];
    let pages = 0;
    let Marker: string | undefined;
    do {
      const page = await service.client.send(new ListFunctionsCommand(Marker ? { Marker } : {}));
      assert.ok(page.Functions!.length <= 50);
      listed.push(...page.Functions!.map(({ FunctionName }) => FunctionName!));
      Marker = page.NextMarker;
      pages += 1;
    } while (Marker);
    assert.equal(pages, names.length / 50);
    assert.deepEqual(listed.sort(), names);
    assert.equal(await service.down(), 0);

    const full = await leastStartCpuMs(t, dataDirectory);
    t.diagnostic(
      `start with 1,000 functions: ${full} ms of CPU time, ${(full / empty).toFixed(2)}× an empty one; ` +
        `creating them: ${(createMs / names.length).toFixed(1)} ms each`,
    );
    assert.ok(full < 3 * empty, `${full} ms of CPU time with 1,000 functions, ${empty} ms without`);
  });
});

/** Each caller asks again as soon as it was answered. */
async function callAll(client: LambdaClient): Promise<{ answered: number; throttled: number }> {
  const outcomes = { answered: 0, throttled: 0 };
  const Payload = JSON.stringify({ ms: workMs });
  const caller = async () => {
    for (let call = 0; call < callsEach; call += 1) {
      try {
        const answer = await client.send(new InvokeCommand({ FunctionName: 'sleeps', Payload }));
        assert.equal(answer.FunctionError, undefined);
        assert.equal(answer.Payload?.transformToString(), `{"sleptMs":${workMs}}`);
        outcomes.answered += 1;
      } catch (error) {
        const { name, Reason } = error as { name: string; Reason?: string };
        if (name !== 'TooManyRequestsException') throw error;
        assert.equal(Reason, 'ReservedFunctionConcurrentInvocationLimitExceeded');
        outcomes.throttled += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return outcomes;
}

/** As the service's own figure has it, looked at again and again until the calls are done. */
async function mostAtOnce({ url }: RunningService, calls: Promise<unknown>): Promise<number> {
  let most = 0;
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  calls.then(over, over);
  while (!isOver) {
    const metrics = await readMetrics(url);
    most = Math.max(most, metrics.sum('thaw_unreserved_concurrent_executions')!);
    await pause(20);
  }
  return most;
}

/** Reports come after answers. */
async function untilInvoked({ url }: RunningService, count: number) {
  await untilMetrics(url, (metrics) => metrics.sum('thaw_invocations_total', slept) === count);
  return await readMetrics(url);
}

async function createAll(client: LambdaClient, names: readonly string[], ZipFile: Buffer): Promise<void> {
  const settings = {
    Code: { ZipFile },
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: role,
  } as const;
  const queue = [...names];
  const worker = async () => {
    for (let name = queue.pop(); name !== undefined; name = queue.pop())
      await client.send(new CreateFunctionCommand({ FunctionName: name, ...settings }));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** Of three starts: what else the machine does makes some slower. */
async function leastStartCpuMs(
  t: Parameters<typeof startService>[0],
  dataDirectory: string,
): Promise<number> {
  const starts: number[] = [];
  for (let start = 0; start < 3; start += 1) {
    const service = await startService(t, [], dataDirectory);
    starts.push(service.startCpuMs);
    assert.equal(await service.down(), 0);
  }
  return Math.min(...starts);
}
