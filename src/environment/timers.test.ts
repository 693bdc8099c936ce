import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Timer } from '../lifecycle/happening.ts';
import { Timers } from './timers.ts';

test('a deadline is never early, however coarse the timers below are', async () => {
  // A clock that stands a little before the deadline when Node's timer fires, as it now and then does.
  let readings = 0;
  const clock = () => (readings++ < 4 ? 999.96 : 1000);
  const due = await new Promise<Timer>((resolve) => new Timers(clock, resolve).arm('invoke', 1000));
  assert.equal(due, 'invoke');
  assert.ok(readings > 4, String(readings));
});

test('a deadline disarmed, or armed anew, is not due', async () => {
  const due: Timer[] = [];
  const timers = new Timers(
    () => 0,
    (timer) => due.push(timer),
  );
  timers.arm('init', 0);
  timers.disarm('init');
  timers.arm('invoke', 0);
  timers.arm('invoke', 60_000);
  timers.arm('shutdown', 0);
  // A timer armed later for the same time comes later.
  await new Promise<void>((resolve) =>
    new Timers(
      () => 0,
      () => resolve(),
    ).arm('init', 0),
  );
  assert.deepEqual(due, ['shutdown']);
  timers.clear();
});
