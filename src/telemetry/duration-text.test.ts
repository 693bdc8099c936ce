import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationText } from './duration-text.ts';

test('units grow with the duration, and rounding never shows a unit too small', () => {
  const expected: [number, string][] = [
    [0, '0.0 ms'],
    [3.14, '3.1 ms'],
    [999.94, '999.9 ms'],
    [999.96, '1.00 s'],
    [9994, '9.99 s'],
    [9996, '10.0 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 00 s'],
    [125_000, '2 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [11_220_000, '3 h 07 min'],
  ];
  for (const [ms, text] of expected) assert.equal(durationText(ms), text);
});
