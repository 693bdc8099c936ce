import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Quantiles } from './quantiles.ts';

test('within 0.5 % of the exact quantile, whether added to one or merged from two', () => {
  const values = fc.array(fc.double({ min: 0.01, max: 900_000, noNaN: true }), {
    minLength: 1,
    maxLength: 300,
  });
  fc.assert(
    fc.property(values, fc.constantFrom(0, 0.5, 0.9, 1), (all, share) => {
      const [whole, first, second] = [new Quantiles(), new Quantiles(), new Quantiles()];
      for (const [index, value] of all.entries()) {
        whole.add(value);
        (index % 2 === 0 ? first : second).add(value);
      }
      first.merge(second);
      const sorted = all.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!;
      assert.ok(Math.abs(whole.at(share)! - exact) <= exact * 0.005_001);
      assert.equal(first.at(share), whole.at(share));
      assert.deepEqual([first.count, first.min, first.max], [all.length, sorted[0], sorted.at(-1)]);
    }),
  );
});

test('zero is exactly zero, also among other values', () => {
  const [quantiles, more] = [new Quantiles(), new Quantiles()];
  for (const value of [0, 0, 0, 12]) quantiles.add(value);
  more.merge(quantiles);
  assert.deepEqual([more.at(0), more.at(0.5), more.min], [0, 0, 0]);
  assert.ok(more.at(1)! > 11.9);
});

test('no values, no quantile', () => {
  assert.equal(new Quantiles().at(0.5), undefined);
});
