import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { functionArn } from './arn.ts';
import { functionTarget, unqualifiedFunctionName } from './function-target.ts';

const identity = { region: 'us-east-1', accountId: '123456789012' };

const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/);
const qualifier = fc.oneof(
  fc.constant(undefined),
  fc.constant('$LATEST'),
  fc.stringMatching(/^[a-zA-Z0-9_-]{1,128}$/),
);

test('every form of a name points to the function, with and without a qualifier', () => {
  // Names such as `function` are legal, and a form must not be read as another one.
  const prefixes = [
    '',
    '123456789012:function:',
    'arn:aws:lambda:us-east-1:123456789012:function:',
    'function:',
  ];
  fc.assert(
    fc.property(name, qualifier, fc.constantFrom(...prefixes.slice(1)), (functionName, asked, prefix) => {
      const expected = { functionName, ...(asked !== undefined && { qualifier: asked }) };
      assert.deepEqual(
        functionTarget(identity, `${prefix}${functionName}${asked ? `:${asked}` : ''}`),
        expected,
      );
      assert.deepEqual(functionTarget(identity, `${prefix}${functionName}`, asked), expected);
      assert.deepEqual(functionTarget(identity, functionName, asked), expected);
    }),
  );
  assert.deepEqual(functionTarget(identity, 'one:live'), { functionName: 'one', qualifier: 'live' });
  assert.deepEqual(functionTarget(identity, functionArn(identity, 'one', '$LATEST')), {
    functionName: 'one',
    qualifier: '$LATEST',
  });
});

test('the same qualifier twice is one; two different ones disagree', () => {
  assert.deepEqual(functionTarget(identity, 'one:live', 'live'), { functionName: 'one', qualifier: 'live' });
  assert.throws(() => functionTarget(identity, 'one:live', 'dead'), {
    type: 'InvalidParameterValueException',
    message: 'The derived qualifier from the function name does not match the specified qualifier.',
  });
});

test("another region's functions are out of reach, another account's are not there", () => {
  assert.throws(() => functionTarget(identity, 'arn:aws:lambda:eu-west-1:123456789012:function:one'), {
    type: 'ResourceNotFoundException',
    message: "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
  });
  assert.throws(() => functionTarget(identity, '999999999999:function:one'), {
    type: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:us-east-1:999999999999:function:one',
  });
});

test('what is no name is refused', () => {
  for (const text of [
    '',
    'a b',
    'one:',
    ':one',
    'one:two:three:four',
    'arn:aws:s3:::bucket',
    'one\n',
    '$LATEST',
  ])
    assert.throws(() => functionTarget(identity, text), { type: 'InvalidParameterValueException' }, text);
});

test('operations on a whole function refuse qualifiers', () => {
  assert.equal(unqualifiedFunctionName(identity, functionArn(identity, 'one')), 'one');
  assert.throws(
    () => unqualifiedFunctionName(identity, 'one:1'),
    /^ServiceError: This operation is permitted on Lambda functions only\./,
  );
});
