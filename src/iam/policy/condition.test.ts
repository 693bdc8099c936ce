import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateConditions, isKnownCondition } from './condition.ts';
import type { OneOrMany } from './document.ts';

type Values = OneOrMany<string | number | boolean>;

/** Every operator: what it wants, what the request has, and what follows. No value: the key is not there. */
const table: [operator: string, wanted: Values, actual: readonly string[] | undefined, holds: boolean][] = [
  ['StringEquals', 'a', ['a'], true],
  ['StringEquals', 'a', ['A'], false],
  ['StringEquals', ['b', 'a'], ['a'], true],
  ['StringEquals', 'a*', ['ab'], false],
  ['StringEquals', 'a', undefined, false],
  ['StringNotEquals', 'a', ['b'], true],
  ['StringNotEquals', ['b', 'a'], ['a'], false],
  ['StringNotEquals', 'a', undefined, true],
  ['StringEqualsIgnoreCase', 'aB', ['Ab'], true],
  ['StringNotEqualsIgnoreCase', 'aB', ['Ab'], false],
  ['StringLike', 'a*c?', ['abbbcd'], true],
  ['StringLike', 'a*c?', ['abbbc'], false],
  ['StringNotLike', 'a*', ['ab'], false],
  ['StringNotLike', ['a*', 'b*'], ['cb'], true],
  ['ArnLike', 'arn:aws:s3:::b*', ['arn:aws:s3:::bucket'], true],
  ['ArnEquals', 'arn:aws:*:::bucket', ['arn:aws:s3:::bucket'], true],
  ['ArnLike', 'arn:aws:sns:*:1:t', ['arn:aws:sns:us-east-1:2:1:t'], false],
  ['ArnLike', 'arn:aws:s3:::b*', ['bucket'], false],
  ['ArnNotLike', 'arn:aws:s3:::b*', ['arn:aws:s3:::bucket'], false],
  ['ArnNotEquals', 'arn:aws:s3:::b', ['arn:aws:s3:::c'], true],
  ['Bool', 'true', ['true'], true],
  ['Bool', true, ['true'], true],
  ['Bool', 'false', ['true'], false],
  ['Bool', 'true', undefined, false],
  ['BoolIfExists', 'true', undefined, true],
  ['Null', 'true', undefined, true],
  ['Null', 'true', ['x'], false],
  ['Null', false, ['x'], true],
  ['Null', 'false', undefined, false],
  ['NumericEquals', 5, ['5.0'], true],
  ['NumericNotEquals', '5', ['5'], false],
  ['NumericLessThan', '10', ['9'], true],
  ['NumericLessThan', '10', ['10'], false],
  ['NumericLessThanEquals', '10', ['10'], true],
  ['NumericGreaterThan', '-1', ['0'], true],
  ['NumericGreaterThanEquals', '1.5', ['1.4'], false],
  ['NumericLessThan', '10', ['nine'], false],
  ['DateEquals', '2026-01-31T12:00:00Z', ['1769860800'], true],
  ['DateNotEquals', '2026-01-31', ['2026-01-31T00:00:00Z'], false],
  ['DateLessThan', '2026-02-01T00:00:00Z', ['2026-01-31T23:59:59Z'], true],
  ['DateLessThanEquals', '2026-02-01T00:00:00Z', ['2026-02-01T00:00:01Z'], false],
  ['DateGreaterThan', '2026-01-31T12:00:00+02:00', ['2026-01-31T10:00:01Z'], true],
  ['DateGreaterThanEquals', '1769860800', ['2026-01-31T12:00:00Z'], true],
  ['IpAddress', '10.0.0.0/8', ['10.255.0.1'], true],
  ['IpAddress', '10.0.0.0/8', ['11.0.0.1'], false],
  ['IpAddress', ['192.0.2.1', '::1'], ['::1'], true],
  ['IpAddress', '2001:db8::/32', ['2001:db8:1::1'], true],
  ['IpAddress', '10.0.0.0/8', ['::ffff:10.1.1.1'], true],
  ['IpAddress', '0.0.0.0/0', ['::1'], false],
  ['IpAddress', '0.0.0.0/0', ['somewhere'], false],
  ['NotIpAddress', '10.0.0.0/8', ['10.0.0.1'], false],
  ['NotIpAddress', '10.0.0.0/8', undefined, true],
  ['BinaryEquals', 'QUJD', ['QUJD'], true],
  ['StringEqualsIfExists', 'a', undefined, true],
  ['StringEqualsIfExists', 'a', ['b'], false],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['x', 'b'], true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['x', 'y'], false],
  ['ForAnyValue:StringEquals', 'a', undefined, false],
  ['ForAnyValue:StringEquals', 'a', [], false],
  ['ForAnyValue:StringNotEquals', 'a', ['a', 'x'], true],
  ['ForAnyValue:StringNotEquals', 'a', ['a'], false],
  ['ForAnyValue:StringNotEquals', 'a', undefined, false],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'x'], false],
  ['ForAllValues:StringEquals', 'a', undefined, true],
  ['ForAllValues:StringNotLike', 'a*', ['b', 'c'], true],
  ['ForAllValues:StringNotLike', 'a*', ['b', 'ac'], false],
  ['ForAllValues:ArnLikeIfExists', 'arn:aws:s3:::*', undefined, true],
  ['StringEquals', [], ['a'], false],
  ['StringNotEquals', [], ['a'], true],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's policy variables.
  ['StringEquals', '${other:key}-x', ['value-x'], true],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's policy variables.
  ['StringLike', '${other:KEY}*', ['value-x'], true],
];

test('every operator', () => {
  for (const [operator, wanted, actual, holds] of table) {
    const context = new Map([
      ['other:key', ['value']],
      ...(actual === undefined ? [] : [['some:key', actual] as const]),
    ]);
    assert.equal(
      evaluateConditions({ [operator]: { 'Some:Key': wanted } }, context),
      String(holds),
      JSON.stringify([operator, wanted, actual]),
    );
  }
});

test('what cannot be understood is unknown, but a condition that fails beside it decides', () => {
  const context = new Map([['k', ['1']]]);
  const unknown: [string, Values][] = [
    ['Unheard', '1'],
    ['NumericEquals', 'one'],
    ['DateEquals', 'yesterday'],
    ['IpAddress', '10.0.0.0/33'],
    ['IpAddress', 'localhost'],
    ['Bool', 'yes'],
    ['Null', 'perhaps'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's policy variables.
    ['StringNotEquals', '${no:such}'],
  ];
  for (const [operator, value] of unknown) {
    assert.equal(evaluateConditions({ [operator]: { k: value } }, context), 'unknown', operator);
    assert.equal(
      evaluateConditions({ [operator]: { k: value }, StringEquals: { k: '2' } }, context),
      'false',
    );
    assert.equal(
      evaluateConditions({ [operator]: { k: value }, StringEquals: { k: '1' } }, context),
      'unknown',
    );
  }
  assert.equal(evaluateConditions({ NumericEquals: { k: ['one', '1'] } }, context), 'true');
});

test('all must hold', () => {
  const context = new Map([
    ['a', ['1']],
    ['b', ['2']],
  ]);
  assert.equal(evaluateConditions({ StringEquals: { a: '1', b: '2' } }, context), 'true');
  assert.equal(evaluateConditions({ StringEquals: { a: '1', b: '3' } }, context), 'false');
  assert.equal(evaluateConditions({ StringEquals: { a: '1' }, StringLike: { b: '3' } }, context), 'false');
  assert.equal(evaluateConditions(undefined, context), 'true');
});

test('names of operators', () => {
  for (const name of ['StringEquals', 'ForAnyValue:StringLikeIfExists', 'Null', 'DateLessThanEquals'])
    assert.ok(isKnownCondition(name), name);
  for (const name of [
    '',
    'stringequals',
    'NullIfExists',
    'ForSome:StringLike',
    'StringEqualsIfExistsIfExists',
    'toString',
  ])
    assert.ok(!isKnownCondition(name), name);
});
