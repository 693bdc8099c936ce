import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fewestPairs, shiftOf } from './signed-rank.ts';

// Differences of Darwin's maize plants, eighths of an inch: the interval of many a textbook.
const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

test('the classic example: median of the pairwise means, and the exact 95 % interval', () => {
  const { estimate, interval } = shiftOf(maize, 0.05);
  assert.equal(estimate, 25);
  // P(V ≤ 25) = 0.0240 and P(V ≤ 26) = 0.0277 for 15 pairs: the 26th mean from either end.
  assert.deepEqual(interval, { low: 4, high: 41.5 });
});

test('six pairs are the fewest that can tell at 5 %, and then only the extremes do', () => {
  assert.equal(fewestPairs(0.05), 6);
  assert.equal(shiftOf([1, 2, 3, 4, 5], 0.05).interval, undefined);
  assert.deepEqual(shiftOf([1, 2, 3, 4, 5, 7], 0.05).interval, { low: 1, high: 7 });
});

test('the fewest pairs are the fewest that give an interval, at any rate of error', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.0001, max: 0.5, noNaN: true }), (errorRate) => {
      const fewest = fewestPairs(errorRate);
      assert.notEqual(shiftOf(new Array(fewest).fill(1), errorRate).interval, undefined);
      assert.equal(
        fewest === 1 || shiftOf(new Array(fewest - 1).fill(1), errorRate).interval === undefined,
        true,
      );
    }),
  );
});

const differences = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 9, maxLength: 40 });

test('the order of pairs does not matter; sides swapped, everything is mirrored; moved, everything moves', () => {
  fc.assert(
    fc.property(differences, fc.integer({ min: -500, max: 500 }), (given, by) => {
      const { estimate, interval } = shiftOf(given, 0.01);
      const { low, high } = interval!;
      assert.ok(low <= estimate && estimate <= high);
      assert.deepEqual(shiftOf(given.toReversed(), 0.01), { estimate, interval });
      const mirrored = shiftOf(
        given.map((d) => 0 - d),
        0.01,
      );
      assert.deepEqual([mirrored.estimate + estimate, mirrored.interval!.low + high], [0, 0]);
      const moved = shiftOf(
        given.map((d) => d + by),
        0.01,
      );
      assert.deepEqual(moved, { estimate: estimate + by, interval: { low: low + by, high: high + by } });
    }),
  );
});

test('the interval misses no more often than it says: all 2^12 ways the signs of a dozen can fall', () => {
  const sizes = [1, 2, 3.5, 4.25, 5, 6, 7.75, 8, 9, 10.5, 11, 12];
  let missed = 0;
  for (let signs = 0; signs < 4096; signs += 1) {
    const { low, high } = shiftOf(
      sizes.map((size, at) => (((signs >> at) & 1) === 0 ? size : -size)),
      0.05,
    ).interval!;
    if (low > 0 || high < 0) missed += 1;
  }
  assert.ok(missed > 0 && missed / 4096 <= 0.05, `missed ${missed} of 4096`);
});

test('identical sides', () => {
  assert.deepEqual(shiftOf(new Array(20).fill(0), 0.01), { estimate: 0, interval: { low: 0, high: 0 } });
});

test('five hundred pairs', () => {
  const many = Array.from({ length: 500 }, (_, index) => (index % 2 === 0 ? 1 : -1) * index);
  const { low, high } = shiftOf(many, 0.005).interval!;
  assert.ok(low < 0 && high > 0);
});
