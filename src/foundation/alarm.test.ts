import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Alarm } from './alarm.ts';
import { systemClock } from './clock.ts';

/** Resolves when an alarm that was set for this many milliseconds from now has rung. */
function later(ms: number): Promise<void> {
  return new Promise((resolve) => new Alarm(systemClock, resolve).set(systemClock() + ms));
}

describe('Alarm', { timeout: 5000 }, () => {
  it('rings once, for the earliest time it was set for', async () => {
    let rings = 0;
    const rung = Promise.withResolvers<void>();
    const alarm = new Alarm(systemClock, () => {
      rings += 1;
      rung.resolve();
    });
    for (const ms of [3_600_000, 10, 7_200_000]) alarm.set(systemClock() + ms);
    await rung.promise;
    await later(20);
    assert.equal(rings, 1);
  });

  it('can be set again from its own ringing', async () => {
    const rung = Promise.withResolvers<void>();
    let rings = 0;
    const alarm: Alarm = new Alarm(systemClock, () => {
      rings += 1;
      if (rings < 3) alarm.set(systemClock());
      else rung.resolve();
    });
    alarm.set(0);
    await rung.promise;
  });

  for (const [how, silence] of [
    ['when nothing is due any more', (alarm: Alarm) => alarm.set(undefined)],
    ['when it was cleared', (alarm: Alarm) => alarm.clear()],
  ] as const) {
    it(`does not ring ${how}`, async () => {
      let rings = 0;
      const alarm = new Alarm(systemClock, () => {
        rings += 1;
      });
      alarm.set(systemClock() + 1);
      silence(alarm);
      await later(20);
      assert.equal(rings, 0);
    });
  }

  it('waits for what is further off than a timer can count', async (t) => {
    let rings = 0;
    const alarm = new Alarm(systemClock, () => {
      rings += 1;
    });
    t.after(() => alarm.clear());
    alarm.set(systemClock() + 2 ** 40);
    await later(20);
    assert.equal(rings, 0);
  });
});
