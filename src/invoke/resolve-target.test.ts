import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleVersion } from '../catalog/testing/sample-version.ts';
import { resolveTarget } from './resolve-target.ts';
import { identity, sampleCatalog } from './testing/sample-catalog.ts';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:greeter';

function catalogWithAlias() {
  const { catalog } = sampleCatalog('greeter');
  for (const version of ['1', '2']) catalog.versions.publish(sampleVersion('greeter', version), 'content');
  catalog.aliases.put('greeter', {
    AliasArn: `${arn}:live`,
    Name: 'live',
    FunctionVersion: '1',
    Description: '',
    RoutingConfig: { AdditionalVersionWeights: { 2: 0.3 } },
    RevisionId: 'one',
  });
  return catalog;
}

function resolved(qualifier?: string, random = () => 0.999) {
  const parts = { catalog: catalogWithAlias(), identity, random };
  const target = { functionName: 'greeter', ...(qualifier !== undefined && { qualifier }) };
  const { version, invokedFunctionArn } = resolveTarget(parts, target);
  return [version.version, invokedFunctionArn];
}

test('a function, a version and an alias are what they name; the ARN is as it was asked for', () => {
  assert.deepEqual(resolved(), ['$LATEST', arn]);
  assert.deepEqual(resolved('$LATEST'), ['$LATEST', `${arn}:$LATEST`]);
  assert.deepEqual(resolved('2'), ['2', `${arn}:2`]);
  assert.deepEqual(resolved('live'), ['1', `${arn}:live`]);
});

test('an alias sends the share it says to its other version', () => {
  assert.deepEqual(
    resolved('live', () => 0),
    ['2', `${arn}:live`],
  );
  assert.deepEqual(
    resolved('live', () => 0.2999),
    ['2', `${arn}:live`],
  );
  assert.deepEqual(
    resolved('live', () => 0.3),
    ['1', `${arn}:live`],
  );
});

for (const [qualifier, named] of [
  [undefined, '$LATEST'],
  ['7', '7'],
  ['prod', 'prod'],
] as const)
  test(`what is not there is named: ${named}`, () => {
    const parts = { catalog: sampleCatalog('greeter').catalog, identity, random: Math.random };
    const functionName = qualifier === undefined ? 'other' : 'greeter';
    const target = { functionName, ...(qualifier !== undefined && { qualifier }) };
    assert.throws(() => resolveTarget(parts, target), {
      type: 'ResourceNotFoundException',
      message: `Function not found: arn:aws:lambda:us-east-1:123456789012:function:${functionName}:${named}`,
    });
  });

for (const State of ['Pending', 'Failed'] as const)
  test(`a function that is ${State} is not invoked; one that is being updated is`, () => {
    const { catalog } = sampleCatalog();
    const sample = sampleVersion('greeter');
    const parts = { catalog, identity, random: Math.random };
    const create = (change: object) =>
      catalog.functions.create({ ...sample, configuration: { ...sample.configuration, ...change } });
    create({ State });
    assert.throws(() => resolveTarget(parts, { functionName: 'greeter' }), {
      type: 'ResourceConflictException',
      message: `The operation cannot be performed at this time. The function is currently in the following state: ${State}`,
    });
    catalog.functions.delete('greeter');
    create({ LastUpdateStatus: 'InProgress' });
    assert.equal(resolveTarget(parts, { functionName: 'greeter' }).version.functionName, 'greeter');
    const before = { ...sample, configuration: { ...sample.configuration, State } };
    catalog.versions.replace({ ...sample, before });
    assert.throws(() => resolveTarget(parts, { functionName: 'greeter' }), { message: new RegExp(State) });
  });
