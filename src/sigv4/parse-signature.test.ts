import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSignature } from './parse-signature.ts';
import { isProblem } from './signature-problem.ts';

const credential = 'AKIAIOSFODNN7EXAMPLE/20260131/us-east-1/lambda/aws4_request';
const header = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
const date = { 'x-amz-date': '20260131T123456Z' };
const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(credential)}&X-Amz-Date=20260131T123456Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=${'0'.repeat(64)}`;

function problem(headers: Record<string, string>, rawUrl = '/'): string {
  const parsed = parseSignature({ headers, rawUrl });
  return isProblem(parsed) ? `${parsed.status} ${parsed.type}: ${parsed.message}` : 'parsed';
}

test('what is missing is named', () => {
  assert.equal(problem({}), '403 MissingAuthenticationTokenException: Missing Authentication Token');
  assert.equal(problem({ authorization: header, ...date }), 'parsed');
  assert.equal(problem({}, `/?${query}`), 'parsed');
  assert.match(
    problem({ authorization: 'Basic dXNlcjpwYXNz' }),
    /^400 IncompleteSignatureException: Unsupported AWS 'algorithm': 'Basic'/,
  );
  assert.match(problem({ authorization: header.replace('SHA256', 'SHA512'), ...date }), /'AWS4-HMAC-SHA512'/);
  assert.match(
    problem({ authorization: header }),
    /requires existence of either a 'X-Amz-Date' or a 'Date' header/,
  );
  assert.match(
    problem({ authorization: header, 'x-amz-date': '20260230T000000Z' }),
    /'X-Amz-Date' or a 'Date' header/,
  );
  assert.match(
    problem({ authorization: header.replace(/, Signature=.*/, ''), ...date }),
    /requires 'Signature' parameter/,
  );
  assert.match(
    problem({ authorization: header.replace('Credential', 'Cred'), ...date }),
    /requires 'Credential' parameter/,
  );
  assert.match(
    problem({ authorization: `${header}, Signature=1`, ...date }),
    /not a list of key=value pairs/,
  );
  assert.match(problem({ authorization: header, ...date }, `/?${query}`), /this one has both/);
  for (const name of ['Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature', 'Algorithm']) {
    const without = query.replace(new RegExp(`&?X-Amz-${name}=[^&]*`), '');
    assert.match(problem({}, `/?${without}`), new RegExp(`must include 'X-Amz-${name}'`));
  }
  assert.match(problem({}, `/?${query}&X-Amz-Date=20260131T123456Z`), /is there twice/);
  assert.match(problem({}, `/?${query.replace('AKIA', '%zz')}`), /encoded badly/);
});

test('refusals repeat neither signature nor key', () => {
  const refusal = problem({ authorization: header });
  assert.ok(!refusal.includes('AKIAIOSFODNN7EXAMPLE') && !refusal.includes('0000'), refusal);
});

test('the Date header serves where there is no X-Amz-Date', () => {
  for (const value of ['20260131T123456Z', 'Sat, 31 Jan 2026 12:34:56 GMT']) {
    const parsed = parseSignature({ headers: { authorization: header, date: value }, rawUrl: '/' });
    assert.ok(!isProblem(parsed));
    assert.deepEqual([parsed.time, parsed.timeMs], ['20260131T123456Z', Date.UTC(2026, 0, 31, 12, 34, 56)]);
  }
});

test('nothing anyone sends makes it throw', () => {
  const junk = fc.oneof(
    fc.string(),
    fc.string().map((text) => `AWS4-HMAC-SHA256 ${text}`),
    fc.constant(header),
  );
  fc.assert(
    fc.property(
      junk,
      fc.oneof(fc.string(), fc.constant(date['x-amz-date'])),
      fc.string(),
      (authorization, time, url) => {
        parseSignature({ headers: { authorization, 'x-amz-date': time }, rawUrl: `/${url}` });
        parseSignature({ headers: {}, rawUrl: `/?X-Amz-Signature=${url}&X-Amz-Credential=${authorization}` });
      },
    ),
  );
});
