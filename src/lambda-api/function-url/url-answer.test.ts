import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedAnswer, readAnswer } from './url-answer.ts';

const json = { 'content-type': 'application/json' };

for (const [returned, body] of [
  ['"hello"', 'hello'],
  ['3', '3'],
  ['true', 'true'],
  ['null', 'null'],
  ['{ "a": [1, 2] }', '{"a":[1,2]}'],
  ['[1]', '[1]'],
] as const)
  test(`plain ${returned} is the body of a 200`, () => {
    const answer = readAnswer(Buffer.from(returned));
    assert.deepEqual({ ...answer, body: String(answer.body) }, { status: 200, headers: json, body });
  });

test('an object with a status code says it all', () => {
  const returned = {
    statusCode: '201',
    headers: { 'Content-Type': 'text/html', 'X-Number': 1, 'X-None': null, 'Content-Length': '9999' },
    cookies: ['a=1; Secure', 'b=2'],
    body: '<p>ä</p>',
  };
  const answer = readAnswer(Buffer.from(JSON.stringify(returned)));
  assert.deepEqual(
    { ...answer, body: String(answer.body) },
    {
      status: 201,
      headers: { 'content-type': 'text/html', 'x-number': '1', 'set-cookie': ['a=1; Secure', 'b=2'] },
      body: '<p>ä</p>',
    },
  );
});

test('bytes come in base64', () => {
  const bytes = Buffer.from([0, 255, 1]);
  const returned = { statusCode: 200, isBase64Encoded: true, body: bytes.toString('base64') };
  assert.deepEqual(readAnswer(Buffer.from(JSON.stringify(returned))).body, bytes);
});

for (const malformed of [
  'not json',
  '{"statusCode":"x"}',
  '{"statusCode":100}',
  '{"statusCode":200.5}',
  '{"statusCode":200,"headers":[]}',
  '{"statusCode":200,"headers":{"a b":"c"}}',
  '{"statusCode":200,"headers":{"a":"b\\nc: d"}}',
  '{"statusCode":200,"headers":{"a":{}}}',
  '{"statusCode":200,"cookies":"a=1"}',
])
  test(`no HTTP response: ${malformed}`, () => {
    assert.throws(() => readAnswer(Buffer.from(malformed)), MalformedAnswer);
  });
