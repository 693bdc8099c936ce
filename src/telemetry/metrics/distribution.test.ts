import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Distribution } from './distribution.ts';

function of(values: readonly number[]) {
  const distribution = new Distribution();
  for (const value of values) distribution.add(value);
  return distribution.view();
}

test('of nothing has no values to tell', () => {
  assert.deepEqual(of([]), { count: 0, sum: 0 });
});

test('sums what was told, without the residue of binary fractions', () => {
  assert.equal(of(Array.from({ length: 1000 }, () => 0.1)).sum, 100);
  assert.deepEqual(of([0, 0]), { count: 2, sum: 0, min: 0, max: 0, p50: 0, p90: 0, p99: 0 });
});

test('counts, sums and bounds exactly; quantiles within half a percent', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1 }), (thousandths) => {
      const sorted = thousandths.toSorted((a, b) => a - b);
      const view = of(thousandths.map((each) => each / 1000));
      assert.equal(view.count, sorted.length);
      assert.equal(view.sum, sorted.reduce((sum, each) => sum + each, 0) / 1000);
      assert.equal(view.min, sorted[0]! / 1000);
      assert.equal(view.max, sorted.at(-1)! / 1000);
      for (const [share, value] of [
        [0.5, view.p50],
        [0.9, view.p90],
        [0.99, view.p99],
      ] as const) {
        const exact = sorted[Math.ceil(share * sorted.length) - 1]! / 1000;
        assert.ok(Math.abs(value! - exact) <= 0.0051 * exact + 1e-6, `${share}: ${value}, not ${exact}`);
      }
    }),
  );
});
