import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SignedRequest } from './signed-request.ts';
import { type PlainRequest, signedAtMs, signedByOracle } from './testing/signed-by-oracle.ts';
import { verdict } from './testing/verdict.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const segment = fc.oneof(
  text,
  fc.constantFrom('a/b', 'a b', '%2F', 'функция', 'arn:aws:lambda:us-east-1:1:f', '+*!'),
);
// The oracle keeps parameters in an object, where this one is lost.
const name = text.filter((value) => value !== '__proto__');
const plainRequest: fc.Arbitrary<PlainRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
  segments: fc.array(segment, { maxLength: 6 }),
  query: fc.dictionary(name, fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })), { maxKeys: 5 }),
  headers: fc.dictionary(
    fc.stringMatching(/^x-(?:amz-)?[a-z]{1,8}$/),
    fc.stringMatching(/^[!-~]?[ -~\t]{0,30}$/),
    { maxKeys: 5 },
  ),
  body: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
});

test('whatever the signer of the SDKs signs is accepted, in a header and in a URL', async () => {
  const options = fc.record({
    service: fc.constantFrom('lambda', 'iam', 's3'),
    sessionToken: fc.option(fc.base64String({ minLength: 4 }), { nil: undefined }),
    applyChecksum: fc.boolean(),
    expiresS: fc.option(fc.integer({ min: 1, max: 604_800 }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(plainRequest, options, async (plain, { sessionToken, expiresS, ...rest }) => {
      const request = await signedByOracle(plain, {
        ...rest,
        ...(sessionToken !== undefined && { sessionToken }),
        ...(expiresS !== undefined && { expiresS }),
      });
      assert.equal(verdict(request), 'accepted');
    }),
    { numRuns: 500 },
  );
});

const example: PlainRequest = {
  method: 'POST',
  segments: [
    '2015-03-31',
    'functions',
    'arn:aws:lambda:us-east-1:123456789012:function:hello world',
    'invocations',
  ],
  query: { Qualifier: '$LATEST', tag: ['b/ü', 'a'] },
  headers: { 'x-amz-log-type': 'Tail  now', 'content-type': 'application/json' },
  body: Buffer.from('{"key": "value"}'),
};

for (const expiresS of [undefined, 900])
  test(`every bit of what is signed counts, ${expiresS === undefined ? 'in a header' : 'in a URL'}`, async () => {
    const options = { sessionToken: 'IQoJb3Jp+token/==', ...(expiresS !== undefined && { expiresS }) };
    const request = await signedByOracle(example, options);
    assert.equal(verdict(request), 'accepted');
    let refused = 0;
    for (const changed of oneBitOff(request)) {
      assert.notEqual(verdict(changed), 'accepted', JSON.stringify(changed));
      refused += 1;
    }
    assert.ok(refused > 3000, `${refused} were tried`);
  });

/** The request with one bit of method, URL, a signed header, or the body changed, each in turn. */
function* oneBitOff(request: SignedRequest): Generator<SignedRequest> {
  for (const method of flips(request.method)) yield { ...request, method };
  for (const rawUrl of flips(request.rawUrl))
    if (!sayTheSame(rawUrl, request.rawUrl)) yield { ...request, rawUrl };
  for (const [name, value] of Object.entries(request.headers))
    for (const flipped of flips(value as string))
      yield { ...request, headers: { ...request.headers, [name]: flipped } };
  for (const body of flips(example.body.toString('latin1')))
    yield { ...request, bodySha256: hash('sha256', Buffer.from(body, 'latin1'), 'hex') };
}

function* flips(value: string): Generator<string> {
  for (let at = 0; at < value.length; at++)
    for (let bit = 0; bit < 8; bit++)
      yield value.slice(0, at) + String.fromCharCode(value.charCodeAt(at) ^ (1 << bit)) + value.slice(at + 1);
}

/** `%2f` and `%2F` in a query are two spellings of one value. */
function sayTheSame(a: string, b: string): boolean {
  const [pathA, queryA = ''] = a.split('?');
  const [pathB, queryB = ''] = b.split('?');
  return (
    pathA === pathB &&
    JSON.stringify([...new URLSearchParams(queryA)]) === JSON.stringify([...new URLSearchParams(queryB)])
  );
}

test('a parameter added, left out or doubled is refused', async () => {
  const request = await signedByOracle(example);
  for (const rawUrl of [
    `${request.rawUrl}&extra=1`,
    request.rawUrl.replace(/&[^&]*$/, ''),
    `${request.rawUrl}&tag=a`,
  ])
    assert.match(
      verdict({ ...request, rawUrl }),
      /^403 InvalidSignatureException: The request signature we calc/,
    );
});

test('headers that must be signed', async () => {
  const request = await signedByOracle(example);
  const withHeader = { ...request, headers: { ...request.headers, 'x-amz-invocation-type': 'Event' } };
  assert.match(verdict(withHeader), /were not signed: x-amz-invocation-type/);
  const traced = { ...request, headers: { ...request.headers, 'x-amzn-trace-id': 'Root=1' } };
  assert.equal(verdict(traced), 'accepted');
  const hostless = { ...request.headers, authorization: request.headers.authorization!.replace('host;', '') };
  assert.match(verdict({ ...request, headers: hostless }), /'Host' must be a 'SignedHeader'/);
  const { 'content-type': _, ...missing } = request.headers;
  assert.match(verdict({ ...request, headers: missing }), /does not match the signature you provided/);
});

test('the body is always signed, but for S3', async () => {
  const unsigned = { ...example, headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } };
  assert.match(verdict(await signedByOracle(unsigned)), /'UNSIGNED-PAYLOAD' is not accepted/);
  assert.match(
    verdict(await signedByOracle(unsigned, { expiresS: 60 })),
    /'UNSIGNED-PAYLOAD' is not accepted/,
  );
  assert.equal(verdict(await signedByOracle(unsigned, { service: 's3' })), 'accepted');
  const streamed = { ...example, headers: { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' } };
  assert.match(verdict(await signedByOracle(streamed)), /is not accepted/);
});

test('five minutes either way', async () => {
  const request = await signedByOracle(example);
  const at = (minutes: number, ms = 0) => verdict({ ...request, nowMs: signedAtMs + minutes * 60_000 + ms });
  assert.equal(at(5), 'accepted');
  assert.equal(at(-5), 'accepted');
  assert.equal(
    at(5, 1000),
    '403 InvalidSignatureException: Signature expired: 20260131T123456Z is now earlier than 20260131T123457Z (20260131T123957Z - 5 min.)',
  );
  assert.equal(
    at(-5, -1000),
    '403 InvalidSignatureException: Signature not yet current: 20260131T123456Z is still later than 20260131T123455Z (20260131T122955Z + 5 min.)',
  );
});

test('a presigned URL holds as long as it says', async () => {
  const request = await signedByOracle(example, { expiresS: 900 });
  assert.equal(verdict({ ...request, nowMs: signedAtMs + 900_000 }), 'accepted');
  assert.match(verdict({ ...request, nowMs: signedAtMs + 901_000 }), /Signature expired: .* - 900 sec\.\)$/);
  assert.match(verdict({ ...request, nowMs: signedAtMs - 301_000 }), /Signature not yet current/);
  for (const [sent, wanted] of [
    ['900', '0'],
    ['900', '604801'],
    ['900', '1e3'],
    ['900', '-1'],
  ] as const) {
    const rawUrl = request.rawUrl.replace(`X-Amz-Expires=${sent}`, `X-Amz-Expires=${wanted}`);
    assert.match(verdict({ ...request, rawUrl }), /^400 IncompleteSignatureException: X-Amz-Expires must be/);
  }
});

test('the scope must be ours', async () => {
  const request = await signedByOracle(example);
  const rescoped = (from: string, to: string) =>
    verdict({
      ...request,
      headers: { ...request.headers, authorization: request.headers.authorization!.replace(from, to) },
    });
  assert.match(
    rescoped('/us-east-1/', '/eu-west-1/'),
    /Credential should be scoped to a valid region, not 'eu-west-1'\./,
  );
  assert.match(rescoped('/lambda/', '/ec2/'), /Credential should be scoped to correct service: .* not 'ec2'/);
  assert.match(rescoped('/aws4_request', '/aws5'), /valid terminator: 'aws4_request', not 'aws5'/);
  assert.match(rescoped('/20260131/', '/20260130/'), /'20260130' != '20260131', from '20260131T123456Z'/);
  assert.match(rescoped('/aws4_request', ''), /must have exactly 5 slash-delimited elements/);
  const iam = await signedByOracle(example, { service: 'iam' });
  const elsewhere = { region: 'eu-west-1', services: ['lambda', 'iam'], globalServices: ['iam'] };
  assert.equal(verdict(iam, elsewhere), 'accepted');
  assert.match(
    verdict(request, elsewhere),
    /scoped to a valid region, not 'us-east-1'\. This service is eu-west-1/,
  );
});
