import assert from 'node:assert/strict';
import { createHmac, hash } from 'node:crypto';
import { test } from 'node:test';
import { openChunkedBody } from './chunked-body.ts';
import type { Signature } from './signature.ts';
import { isProblem } from './signature-problem.ts';

// The worked example of "Signature calculations for the Authorization header: transferring payload in multiple chunks".
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const signature: Signature = {
  carriedBy: 'header',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  date: '20130524',
  region: 'us-east-1',
  service: 's3',
  terminator: 'aws4_request',
  time: '20130524T000000Z',
  timeMs: Date.UTC(2013, 4, 24),
  signedHeaders: ['host'],
  hex: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
};
const documented = Buffer.from(
  [
    '10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
    'a'.repeat(65_536),
    '400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
    'a'.repeat(1024),
    '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    '',
    '',
  ].join('\r\n'),
);

test('the documented example opens', () => {
  const opened = openChunkedBody(signature, secret, documented);
  assert.deepEqual(opened, Buffer.from('a'.repeat(66_560)));
});

test('a chunk changed, moved, left out or added is refused', () => {
  const changed = Buffer.from(documented);
  changed[50_000]! ^= 1;
  const second = documented.indexOf('400;');
  const last = documented.indexOf('0;chunk-signature=b6c6');
  const pieces = [
    documented.subarray(0, second),
    documented.subarray(second, last),
    documented.subarray(last),
  ];
  const arranged = (...order: number[]) => Buffer.concat(order.map((index) => pieces[index]!));
  assert.deepEqual(arranged(0, 1, 2), documented);
  for (const body of [changed, arranged(1, 0, 2), arranged(0, 2), arranged(2), arranged(0, 1, 1, 2)])
    assert.ok(isProblem(openChunkedBody(signature, secret, body)));
});

test('a body cut anywhere, or longer, is refused', () => {
  const small = chunks('hello', 'wonderful', 'world', '');
  assert.deepEqual(openChunkedBody(signature, secret, small), Buffer.from('hellowonderfulworld'));
  for (let length = 0; length < small.length; length++)
    assert.ok(isProblem(openChunkedBody(signature, secret, small.subarray(0, length))), `${length} bytes`);
  const longer = openChunkedBody(signature, secret, Buffer.concat([small, Buffer.from('x')]));
  assert.ok(isProblem(longer) && /goes on after its last chunk/.test(longer.message));
});

/** Signed here by the documented rule, step by step. */
function chunks(...contents: string[]): Buffer {
  const key = ['20130524', 'us-east-1', 's3', 'aws4_request'].reduce<Buffer | string>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    `AWS4${secret}`,
  );
  let previous = signature.hex;
  return Buffer.from(
    contents
      .map((content) => {
        const parts = [
          'AWS4-HMAC-SHA256-PAYLOAD',
          signature.time,
          '20130524/us-east-1/s3/aws4_request',
          previous,
        ];
        const text = [...parts, hash('sha256', ''), hash('sha256', content)].join('\n');
        previous = createHmac('sha256', key).update(text).digest('hex');
        return `${content.length.toString(16)};chunk-signature=${previous}\r\n${content}\r\n`;
      })
      .join(''),
  );
}
