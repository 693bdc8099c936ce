import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStreamOf, logStreamName } from './log-names.ts';

const date = new Date('2026-01-05T23:59:59.999Z');

test('a stream names its function where others may log to the same group', () => {
  const own = { functionName: 'orders', version: '$LATEST', group: '/aws/lambda/orders' };
  assert.equal(logStreamName(own, date, 'ab'), '2026/01/05/[$LATEST]ab');
  const shared = { functionName: 'orders', version: '7', group: 'shop' };
  assert.equal(logStreamName(shared, date, 'ab'), '2026/01/05/orders[7]ab');
});

test('streams are told apart by the function they are of', () => {
  for (const group of ['shop', '/aws/lambda/orders', '/aws/lambda/other']) {
    for (const functionName of ['orders', 'other', 'order']) {
      const stream = logStreamName({ functionName, version: '1', group }, date, 'ab');
      for (const asked of ['orders', 'other', 'order'])
        assert.equal(
          isStreamOf(asked, group, stream),
          asked === functionName,
          `${asked} of ${stream} in ${group}`,
        );
    }
  }
  assert.equal(isStreamOf('orders', 'shop', 'made by somebody else'), false);
});
