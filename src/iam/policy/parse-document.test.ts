import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PolicyUse } from './document.ts';
import { MalformedPolicy } from './malformed-policy.ts';
import { parsePolicyDocument } from './parse-document.ts';

const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

test('what is accepted', () => {
  const accepted: [PolicyUse, unknown][] = [
    ['identity', { Version: '2012-10-17', Statement: [allow] }],
    ['identity', { Statement: allow }],
    [
      'identity',
      { Id: 'x', Statement: { ...allow, Sid: 'One', Condition: { Bool: { 'aws:SecureTransport': true } } } },
    ],
    ['identity', { Statement: { Effect: 'Deny', NotAction: ['*', 's3:*'], NotResource: '*' } }],
    ['trust', { Version: '2012-10-17', Statement: trust }],
    [
      'trust',
      { Statement: { ...trust, Principal: { AWS: ['123456789012', 'arn:aws:iam::123456789012:root'] } } },
    ],
    ['resource', { Statement: { ...allow, Sid: 'any-sid_1', Principal: '*' } }],
  ];
  for (const [use, document] of accepted)
    assert.deepEqual(parsePolicyDocument(JSON.stringify(document), use), document);
});

test('what is refused, and why', () => {
  const refused: [PolicyUse, unknown, RegExp][] = [
    ['identity', [], /must be a JSON object/],
    ['identity', null, /must be a JSON object/],
    ['identity', {}, /has no Statement/],
    ['identity', { Statement: [] }, /has no Statement/],
    ['identity', { Statement: 'Allow' }, /must be a JSON object/],
    ['identity', { Version: '2020-01-01', Statement: allow }, /valid version string/],
    ['identity', { Statements: allow, Statement: allow }, /'Statements' is no element/],
    ['identity', { Statement: { ...allow, Effects: 1 } }, /'Effects' is no element/],
    ['identity', { Statement: { ...allow, Effect: 'allow' } }, /Effect must be Allow or Deny/],
    ['identity', { Statement: { ...allow, Action: undefined } }, /must contain actions/],
    ['identity', { Statement: { ...allow, Action: [] } }, /must contain actions/],
    ['identity', { Statement: { ...allow, Action: 'GetObject' } }, /prefaced by a vendor/],
    ['identity', { Statement: { ...allow, Action: [1] } }, /Action must be a string/],
    ['identity', { Statement: { ...allow, NotAction: 's3:*' } }, /Action or NotAction, not both/],
    ['identity', { Statement: { ...allow, Resource: undefined } }, /must contain resources/],
    [
      'identity',
      { Statement: { ...allow, Resource: 'bucket' } },
      /Resource bucket must be in ARN format or "\*"/,
    ],
    ['identity', { Statement: { ...allow, Principal: '*' } }, /should not specify a principal/],
    ['identity', { Statement: { ...allow, Sid: 'a b' } }, /must be alpha-numeric/],
    [
      'identity',
      {
        Statement: [
          { ...allow, Sid: 'a' },
          { ...allow, Sid: 'a' },
        ],
      },
      /must be unique/,
    ],
    [
      'identity',
      { Statement: { ...allow, Condition: { StringEqual: { a: 'b' } } } },
      /Invalid Condition type : StringEqual/,
    ],
    ['identity', { Statement: { ...allow, Condition: { StringEquals: 'x' } } }, /must be a JSON object/],
    ['identity', { Statement: { ...allow, Condition: { StringEquals: { a: [null] } } } }, /must be strings/],
    ['trust', { Statement: { ...trust, Resource: '*' } }, /prohibited field Resource/],
    ['trust', { Statement: { ...trust, Principal: undefined } }, /Missing required field Principal/],
    ['trust', { Statement: { ...trust, Principal: {} } }, /cannot be empty/],
    ['trust', { Statement: { ...trust, Principal: { Service: [] } } }, /cannot be empty/],
    [
      'trust',
      { Statement: { ...trust, Principal: { AWS: 'someone' } } },
      /Invalid principal in policy: "AWS":"someone"/,
    ],
    [
      'trust',
      { Statement: { ...trust, Principal: { AWS: 'arn:aws:iam::123456789012:role/a*' } } },
      /Invalid principal/,
    ],
    ['trust', { Statement: { ...trust, Principal: { Friend: 'x' } } }, /Invalid principal/],
    ['trust', { Statement: { ...trust, Action: 'lambda:*' } }, /may only specify STS/],
    ['resource', { Statement: { ...allow, NotPrincipal: '*' } }, /'NotPrincipal' is no element/],
  ];
  for (const [use, document, message] of refused)
    assert.throws(
      () => parsePolicyDocument(JSON.stringify(document), use),
      (error) => error instanceof MalformedPolicy && message.test(error.message),
      JSON.stringify(document),
    );
  assert.throws(() => parsePolicyDocument('{"Version"', 'identity'), /invalid Json/);
});

test('whatever JSON it is, it is accepted or refused as malformed', () => {
  const member = fc.oneof(fc.jsonValue(), fc.constant(allow), fc.constant(trust));
  const document = fc.oneof(
    fc.jsonValue(),
    fc.record({ Statement: fc.oneof(member, fc.array(member)) }),
    fc.record({ Statement: fc.record({ ...fieldsOf(allow), Principal: member, Condition: member }) }),
  );
  fc.assert(
    fc.property(document, fc.constantFrom<PolicyUse>('identity', 'resource', 'trust'), (value, use) => {
      try {
        parsePolicyDocument(JSON.stringify(value), use);
      } catch (error) {
        assert.ok(error instanceof MalformedPolicy, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

function fieldsOf(statement: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(statement).map(([name, value]) => [name, fc.oneof(fc.constant(value), fc.jsonValue())]),
  );
}
