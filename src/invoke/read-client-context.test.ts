import assert from 'node:assert/strict';
import { validateHeaderValue } from 'node:http';
import { test } from 'node:test';
import { readClientContext } from './read-client-context.ts';

const encode = (text: string) => Buffer.from(text).toString('base64');

test('an object becomes JSON in one line, whatever is in it', () => {
  assert.equal(readClientContext(encode('{\n  "custom": {"a": "ä"}\n}')), '{"custom":{"a":"ä"}}');
  const line = readClientContext(encode(JSON.stringify({ all: String.fromCharCode(...Array(256).keys()) })));
  validateHeaderValue('x', Buffer.from(line).toString('latin1'));
  assert.equal(JSON.parse(line).all.length, 256);
});

for (const context of ['', 'not json', '[1]', 'null', '"text"'])
  test(`no object: ${context}`, () => {
    assert.throws(() => readClientContext(encode(context)), {
      type: 'InvalidRequestContentException',
      message: 'Client context must be a valid Base64-encoded JSON object.',
    });
  });

test('what is too long is refused', () => {
  const context = (length: number) => encode(`{"a":"${'x'.repeat(length)}"}`);
  assert.ok(readClientContext(context(2600)).length > 2600);
  assert.throws(() => readClientContext(context(2700)), { message: /3583 bytes/ });
});
