import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoryEvent } from '../../domain/story.ts';
import { decide } from '../../lifecycle/decide.ts';
import type { Effect } from '../../lifecycle/effect.ts';
import { simulateLife } from '../../lifecycle/simulation/simulate-life.ts';
import { Metrics } from './metrics.ts';

const lives = 150;

/** As an environment completes what its life tells. */
function toldBy(effects: readonly Effect[]): StoryEvent[] {
  return effects.flatMap((effect): StoryEvent[] => {
    if (effect.do !== 'tell') return [];
    const { event } = effect;
    if (event.type !== 'platform.report') return [event];
    return [
      { ...event, record: { ...event.record, metrics: { ...event.record.metrics, maxMemoryUsedMB: 1 } } },
    ];
  });
}

test(`of ${lives} lives, whatever befalls them, each invocation is under way from beginning to end, and counts once`, () => {
  const metrics = new Metrics();
  const counted = { invocations: 0, failed: 0, given: 0, inits: 0 };
  for (let seed = 1; seed <= lives; seed += 1) {
    const read = metrics.reader();
    simulateLife((before, happening, nowMs) => {
      const decision = decide(before, happening, nowMs);
      for (const event of toldBy(decision.effects)) {
        read(event);
        if (event.type === 'platform.initReport') counted.inits += 1;
        if (event.type === 'platform.report') {
          counted.invocations += 1;
          if (event.record.status !== 'success') counted.failed += 1;
        }
        if (
          event.type === 'thaw.process' &&
          event.record.kind !== 'runtime' &&
          event.record.detail === 'INVOKE'
        )
          counted.given += 1;
      }
      const now = metrics.view().functions[0]?.concurrentExecutions.now ?? 0;
      assert.equal(now, decision.life.invocation ? 1 : 0, `seed ${seed}, after ${happening.type}`);
      return decision;
    }, seed);
  }
  const [figures, ...rest] = metrics.view().functions;
  assert.deepEqual(rest, []);
  const { errors, initErrors, initDurationMs, suppressedInitDurationMs } = figures!;
  assert.equal(figures!.invocations, counted.invocations);
  assert.equal(errors.error + errors.timeout + errors.failure, counted.failed);
  assert.ok(errors.handler > 0 && Math.min(errors.error, errors.timeout, errors.failure) > 0);
  assert.equal(initErrors + initDurationMs.count + suppressedInitDurationMs.count, counted.inits);
  assert.equal(figures!.concurrentExecutions.max, 1);
  const waits = figures!.extensions.map(({ waitMs, waitAloneMs }) => {
    assert.equal(waitAloneMs.count, waitMs.count);
    assert.ok(waitAloneMs.sum <= waitMs.sum);
    return waitMs.count;
  });
  assert.equal(
    waits.reduce((sum, count) => sum + count, 0),
    counted.given,
  );
});
