import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptedSample } from '../testing/scripted-measurements.ts';
import { ScriptedStory } from '../testing/scripted-story.ts';
import { EnvironmentMeter } from './environment-meter.ts';

test('a cold start is divided into its phases, and ends with the first invocation', () => {
  const { cold, warm } = scriptedSample({ coldStartMs: 300, answersMs: [4, 6], extension: ['agent', 150] });
  // The script: the extension has registered after 40 ms; the runtime takes 48.5 ms, then 120 ms, to be ready.
  assert.deepEqual(
    [cold.coldStartMs, cold.extensionInitMs, cold.runtimeInitMs, cold.functionInitMs, cold.billedMs],
    [300, 40, 48.5, 120, 150],
  );
  assert.deepEqual(
    cold.view.sections.map((section) => 'name' in section && section.name),
    ['Extension init', 'Runtime init', 'Function init', 'Invoke', 'Freeze'],
  );
  assert.deepEqual(
    warm.map(({ answerMs }) => answerMs),
    [4, 6],
  );
});

test('an invocation: what the runtime took, what came after, and whom it was for', () => {
  const { cold, warm, maxMemoryUsedMB } = scriptedSample({
    ...{ coldStartMs: 300, answersMs: [4, 6], extension: ['agent', 150], maxMemoryUsedMB: 77 },
  });
  for (const { runtimeMs, postRuntimeMs, billedMs, aloneMs } of warm) {
    assert.deepEqual([runtimeMs, postRuntimeMs, billedMs], [5, 145, 150]);
    // Each invocation's own share, not what came together by then.
    assert.deepEqual([...aloneMs], [['agent', 145]]);
  }
  // The only one to be registered: waited for alone.
  assert.deepEqual([...cold.aloneMs], [['agent', 40]]);
  assert.equal(maxMemoryUsedMB, 77);
});

test('an extension that nobody waits for has its zero; without extensions there is no wait', () => {
  const quick = scriptedSample({ coldStartMs: 1, answersMs: [1], extension: ['quick', 5] });
  assert.deepEqual([...quick.warm[0]!.aloneMs], [['quick', 0]]);
  const none = scriptedSample({ coldStartMs: 1, answersMs: [1] });
  assert.deepEqual([none.warm[0]!.postRuntimeMs, [...none.warm[0]!.aloneMs]], [0, []]);
});

test('asked too early, it says so', () => {
  const meter = new EnvironmentMeter();
  new ScriptedStory(meter.read).init({});
  assert.throws(() => meter.maxMemoryUsedMB, /no invocation has been reported/);
  assert.throws(() => meter.warmInvocation(1), /no invocation has been reported/);
});
