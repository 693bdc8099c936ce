import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { axisMarks, pixelAt, ticksOf } from './axis.ts';

test('ticks are round, few, and within the axis', () => {
  assert.deepEqual(ticksOf({ low: 0, high: 340, left: 0, right: 1 }), [0, 100, 200, 300]);
  assert.deepEqual(ticksOf({ low: 0.13, high: 0.52, left: 0, right: 1 }).length, 4);
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      (low, length) => {
        const axis = { low, high: low + length, left: 100, right: 500 };
        const ticks = ticksOf(axis);
        assert.ok(ticks.length <= 6 && ticks.length >= 2, `${ticks}`);
        for (const tick of ticks) {
          const pixel = pixelAt(axis, tick);
          assert.ok(pixel >= 100 && pixel <= 500);
        }
      },
    ),
  );
});

test('beyond its ends everything is drawn at them; an axis without length is a point', () => {
  const axis = { low: 10, high: 20, left: 100, right: 200 };
  assert.deepEqual(
    [0, 10, 15, 20, 99].map((value) => pixelAt(axis, value)),
    [100, 100, 150, 200, 200],
  );
  assert.equal(pixelAt({ ...axis, high: 10 }, 10), 100);
});

test('ticks carry their unit, without zeros that say nothing', () => {
  const { text } = axisMarks({ low: 0, high: 2, left: 0, right: 100 }, 0, 10, 'ms');
  assert.deepEqual(
    [...text.matchAll(/>([^<]+)<\/text>/g)].map(([, label]) => label),
    ['0 ms', '0.5 ms', '1 ms', '1.5 ms', '2 ms'],
  );
});
