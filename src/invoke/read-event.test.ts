import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvent } from './read-event.ts';

test('JSON is passed on byte for byte, and nothing stands for {}', () => {
  const payload = Buffer.from(' {"a": 1.0}\n');
  assert.equal(readEvent(payload, 100), payload);
  assert.equal(String(readEvent(undefined, 100)), '{}');
  assert.equal(String(readEvent(Buffer.alloc(0), 100)), '{}');
});

for (const [name, payload] of [
  ['text', Buffer.from('hello')],
  ['half of an object', Buffer.from('{"a":')],
  ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
] as const)
  test(`${name} is refused`, () => {
    assert.throws(() => readEvent(payload, 100), {
      type: 'InvalidRequestContentException',
      message: /^Could not parse request body into json: ./,
    });
  });

test('the limit is the last size that fits', () => {
  assert.equal(readEvent(Buffer.from('"1234"'), 6).length, 6);
  assert.throws(() => readEvent(Buffer.from('"12345"'), 6), { type: 'RequestTooLargeException' });
});
