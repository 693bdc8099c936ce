import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountText, percentText, rangeText, signedText, spreadText } from './amount-text.ts';

test('amounts, in units for people', () => {
  const texts = [0, 0.417, 9.99, 85.12, 1200, -3.25].map((ms) => amountText(ms, 'ms'));
  assert.deepEqual(texts, ['0.00 ms', '0.42 ms', '9.99 ms', '85.1 ms', '1.20 s', '-3.25 ms']);
  assert.deepEqual([amountText(61.5, 'MB'), amountText(-2, 'MB')], ['61.5 MB', '-2 MB']);
  const sizes = [0, 1023, 1024, 1.5 * 2 ** 20].map((bytes) => amountText(bytes, 'bytes'));
  assert.deepEqual(sizes, ['0 B', '1023 B', '1.0 KiB', '1.5 MiB']);
});

test('differences bear their sign, and nothing has none', () => {
  assert.deepEqual(
    [1.5, -1.5, 0, -0].map((ms) => signedText(ms, 'ms')),
    ['+1.50 ms', '-1.50 ms', '0.00 ms', '0.00 ms'],
  );
  assert.deepEqual([4.26, -3, 42.4, 899, 900, 2600].map(percentText), [
    '+4.3 %',
    '-3.0 %',
    '+42 %',
    '+899 %',
    '10 times',
    '27 times',
  ]);
});

test('ranges name their unit once, where it is one', () => {
  assert.equal(rangeText('84.1 ms', '118.5 ms', ' - '), '84.1 - 118.5 ms');
  assert.equal(rangeText('990.0 ms', '1.20 s', ' - '), '990.0 ms - 1.20 s');
  assert.equal(rangeText('2 min 05 s', '3 min 05 s', ' to '), '2 min 05 s to 3 min 05 s');
  assert.equal(spreadText('101.2 ms', '84.1 ms', '118.5 ms'), '101.2 ms (84.1 - 118.5)');
  assert.equal(spreadText('1.05 s', '990.0 ms', '1.20 s'), '1.05 s (990.0 ms - 1.20 s)');
});
