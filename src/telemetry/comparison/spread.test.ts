import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { median, spreadOf } from './spread.ts';

test('eleven values: the middle one, the second and the last but one', () => {
  const values = [10, 0, 9, 1, 8, 2, 7, 3, 6, 4, 5];
  assert.deepEqual(spreadOf(values), { median: 5, p10: 1, p90: 9, samples: 11 });
});

test('between two values it goes in proportion', () => {
  assert.deepEqual(spreadOf([10, 20]), { median: 15, p10: 11, p90: 19, samples: 2 });
  assert.deepEqual(spreadOf([7]), { median: 7, p10: 7, p90: 7, samples: 1 });
});

test('no values have no median', () => {
  assert.throws(() => median([]), /no values/);
});

test('half of the values lie on either side, in any order of theirs; they are left as they are', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 50 }), (values) => {
      const before = [...values];
      const { median: middle, p10, p90 } = spreadOf(values);
      assert.deepEqual(values, before);
      assert.ok(p10 <= middle && middle <= p90);
      assert.ok(values.filter((value) => value < middle).length <= values.length / 2);
      assert.ok(values.filter((value) => value > middle).length <= values.length / 2);
      assert.deepEqual(spreadOf(values.toReversed()), spreadOf(values));
    }),
  );
});
