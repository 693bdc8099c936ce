import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costlyPairs, noisyPairs, subject } from '../testing/scripted-comparison.ts';
import { scriptedMeasurements } from '../testing/scripted-measurements.ts';
import { judge } from './judge.ts';

test('costs first, then what is noise', () => {
  const { summary } = judge(subject, scriptedMeasurements(costlyPairs(20)));
  assert.match(
    summary,
    /^With the layers: cold start \+\d[\d.]* ms \(\+\d+ %\); wait for extensions after a warm answer \+145\.0 ms; warm billed duration \+145\.0 ms \(30 times\); memory \+16 MB \(\+25 %\)\. Within noise: warm answer \(-0\.\d\d to \+0\.\d\d ms\)\. The package grows by 2\.0 KiB\.$/,
  );
});

test('nothing but noise', () => {
  const { summary } = judge(subject, scriptedMeasurements(noisyPairs(20)));
  assert.match(summary, /^No difference beyond noise: cold start \(-.* to \+.* ms\), .*\. The package grows/);
  assert.doesNotMatch(summary, /With the layers/);
});

test('failures: how many on each side, of how many, and the first one in its words', () => {
  const error = { kind: 'function', type: 'TypeError', message: 'the order has no lines.' } as const;
  const crash = { kind: 'environment', type: 'Extension.Crash', message: 'exit status 7' } as const;
  const measured = scriptedMeasurements(costlyPairs(20), { without: [error], with: [crash, error, crash] });
  assert.equal(
    judge(subject, measured).summary,
    'Not judged, because not everything went well. ' +
      'Without the layers, the function answered with an error once in 20 invocations; the first: TypeError: the order has no lines. ' +
      'With the layers, the environment failed 2 times in 20 cold starts and the function answered with an error once in 20 invocations; ' +
      'the first: Extension.Crash: exit status 7.',
  );
});
