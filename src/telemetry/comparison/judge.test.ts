import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costlyPairs, noisyPairs, subject } from '../testing/scripted-comparison.ts';
import { scriptedMeasurements } from '../testing/scripted-measurements.ts';
import { figures } from './figures.ts';
import { judge, leastPairs } from './judge.ts';
import type { ComparisonReport } from './report.ts';

const verdicts = ({ figures }: ComparisonReport) =>
  Object.fromEntries(figures.map(({ name, verdict }) => [name, verdict]));

test('noise is called noise', () => {
  const report = judge(subject, scriptedMeasurements(noisyPairs(20)));
  assert.deepEqual(new Set(Object.values(verdicts(report))), new Set(['within-noise']));
  assert.equal(report.figures.length, figures.length);
});

test('what is there is found, and how much of it; what is not is not', () => {
  const report = judge(subject, scriptedMeasurements(costlyPairs(20)));
  assert.deepEqual(verdicts(report), {
    coldStart: 'more',
    extensionInit: 'more',
    runtimeInit: 'within-noise',
    functionInit: 'within-noise',
    firstAnswer: 'within-noise',
    firstBilled: 'more',
    answer: 'within-noise',
    runtime: 'within-noise',
    postRuntime: 'more',
    billed: 'more',
    maxMemoryUsed: 'more',
  });
  const { coldStart, postRuntime, maxMemoryUsed } = Object.fromEntries(
    report.figures.map((figure) => [figure.name, figure]),
  );
  const { low, high } = coldStart!.difference!.interval!;
  assert.ok(low < 100 && high > 100, `${low} to ${high}`);
  // There is no percentage of nothing.
  assert.deepEqual(postRuntime!.difference, { estimate: 145, interval: { low: 145, high: 145 } });
  assert.deepEqual(maxMemoryUsed!.difference, {
    ...{ estimate: 16, percent: 25, interval: { low: 16, high: 16 } },
  });
});

test('sides swapped: more becomes less', () => {
  const swapped = costlyPairs(20).map((pair) => ({ without: pair.with, with: pair.without }));
  const { coldStart, billed, answer } = verdicts(judge(subject, scriptedMeasurements(swapped)));
  assert.deepEqual([coldStart, billed, answer], ['less', 'less', 'within-noise']);
});

test('an environment is one witness, however many invocations it had', () => {
  const pairs = costlyPairs(leastPairs - 1).map((pair) => ({
    without: { ...pair.without, answersMs: new Array(100).fill(1) },
    with: { ...pair.with, answersMs: new Array(100).fill(2) },
  }));
  const report = judge(subject, scriptedMeasurements(pairs));
  assert.deepEqual(new Set(Object.values(verdicts(report))), new Set(['too-few']));
  assert.equal(report.figures.find(({ name }) => name === 'answer')!.values!.with.samples, 800);
  assert.match(report.summary, /^Not judged: 8 pairs .* it takes 9 \(--cold 9\)\.$/);
  const enough = judge(subject, scriptedMeasurements(costlyPairs(leastPairs)));
  assert.equal(verdicts(enough).coldStart, 'more');
});

test('warm invocations in some environments only: judged are those pairs', () => {
  const pairs = costlyPairs(20).map((pair, index) =>
    index === 0
      ? pair
      : { without: { ...pair.without, answersMs: [] }, with: { ...pair.with, answersMs: [] } },
  );
  const report = judge(subject, scriptedMeasurements(pairs));
  const { coldStart, billed } = verdicts(report);
  assert.deepEqual([coldStart, billed], ['more', 'too-few']);
  assert.match(report.summary, /Too few measurements to tell: warm answer, /);
});

test('one failure on one side, and nothing is judged, whatever was measured', () => {
  const failure = { kind: 'environment', type: 'Extension.Crash', message: 'exit status 7' } as const;
  const report = judge(subject, scriptedMeasurements(costlyPairs(20), { with: [failure] }));
  assert.deepEqual(new Set(Object.values(verdicts(report))), new Set(['failed']));
  assert.deepEqual(report.sides.with, {
    ...{ coldStarts: 20, invocations: 20, functionErrors: 0, environmentFailures: 1 },
    firstFailure: { type: 'Extension.Crash', message: 'exit status 7' },
  });
  assert.equal(report.sides.without.firstFailure, undefined);
});

test('nothing measured at all', () => {
  const failure = { kind: 'function', type: 'TypeError', message: 'no' } as const;
  const report = judge(subject, scriptedMeasurements([], { without: [failure] }));
  assert.ok(report.figures.every(({ values, verdict }) => values === undefined && verdict === 'failed'));
});

test('how long an extension alone was waited for, on the sides that have it', () => {
  const { extensions } = judge(subject, scriptedMeasurements(costlyPairs(3)));
  assert.deepEqual(extensions, [
    {
      name: 'agent',
      init: { with: { median: 40, p10: 40, p90: 40, samples: 3 } },
      invocation: { with: { median: 145, p10: 145, p90: 145, samples: 6 } },
    },
  ]);
});

test('the report is JSON: nothing is lost in writing it', () => {
  const report = judge(subject, scriptedMeasurements(costlyPairs(12)));
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  assert.equal(report.format, 1);
});
