import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxMeteredFunctions } from '../domain/limits.ts';
import { others } from '../telemetry/metrics/function-metrics.ts';
import { ThrottleCounts } from './throttle-counts.ts';

const reason = 'ConcurrentInvocationLimitExceeded';

test('functions beyond the limit count as one; a deleted one gives its place back', () => {
  const throttles = new ThrottleCounts();
  const throttle = (functionName: string) =>
    throttles.read({ functionName, version: '1', type: 'throttled', reason });
  for (let index = 0; index < maxMeteredFunctions; index += 1) throttle(`fn-${index}`);
  for (const name of ['fn-0', 'beyond', 'further']) throttle(name);
  assert.equal(throttles.list().length, maxMeteredFunctions + 1);
  assert.deepEqual(throttles.list()[0], { functionName: 'fn-0', reason, count: 2 });
  assert.deepEqual(throttles.list().at(-1), { functionName: others, reason, count: 2 });

  throttles.forget('fn-0');
  for (const name of ['next', 'beyond']) throttle(name);
  assert.deepEqual(throttles.list().slice(-2), [
    { functionName: others, reason, count: 3 },
    { functionName: 'next', reason, count: 1 },
  ]);
});
