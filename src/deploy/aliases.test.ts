import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAlias, deleteAlias, findAlias, updateAlias } from './aliases.ts';
import { createFunction } from './create-function.ts';
import { publishVersion } from './publish-version.ts';
import { deployed, sampleRequest } from './testing/deployed.ts';
import { updateFunctionConfiguration } from './update-function-configuration.ts';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:one';

async function withTwoVersions(t: Parameters<typeof deployed>[0]) {
  const { deployment } = await deployed(t);
  await createFunction(deployment, { ...sampleRequest('one'), Publish: true });
  await deployment.settler.idle();
  updateFunctionConfiguration(deployment, 'one', { MemorySize: 256 });
  await deployment.settler.idle();
  publishVersion(deployment, 'one', {});
  return deployment;
}

test('an alias is made, found, changed and deleted', async (t) => {
  const deployment = await withTwoVersions(t);
  const weights = { AdditionalVersionWeights: { '2': 0.2 } };
  const live = createAlias(deployment, 'one', { Name: 'live', FunctionVersion: '1', RoutingConfig: weights });
  const { RevisionId, ...shown } = live;
  assert.deepEqual(shown, {
    AliasArn: `${arn}:live`,
    Name: 'live',
    FunctionVersion: '1',
    Description: '',
    RoutingConfig: weights,
  });
  assert.deepEqual(findAlias(deployment, 'one', 'live'), live);
  const described = updateAlias(deployment, 'one', 'live', { Description: 'for customers', RevisionId });
  assert.notEqual(described.RevisionId, RevisionId);
  assert.deepEqual(described.RoutingConfig, weights);
  const moved = updateAlias(deployment, 'one', 'live', { FunctionVersion: '2', RoutingConfig: {} });
  assert.deepEqual(
    { ...moved, RevisionId: '' },
    {
      AliasArn: `${arn}:live`,
      Name: 'live',
      FunctionVersion: '2',
      Description: 'for customers',
      RevisionId: '',
    },
  );
  deleteAlias(deployment, 'one', 'live');
  deleteAlias(deployment, 'one', 'live');
  assert.throws(() => findAlias(deployment, 'one', 'live'), {
    type: 'ResourceNotFoundException',
    message: `Cannot find alias arn: ${arn}:live`,
  });
});

test('what is refused of aliases, in the words of the service', async (t) => {
  const deployment = await withTwoVersions(t);
  const { RevisionId } = createAlias(deployment, 'one', { Name: 'live', FunctionVersion: '1' });
  const creating =
    (FunctionVersion: string, weights: Record<string, number> = {}, functionName = 'one') =>
    () =>
      createAlias(deployment, functionName, {
        Name: 'live',
        FunctionVersion,
        RoutingConfig: { AdditionalVersionWeights: weights },
      });
  const invalid = 'InvalidParameterValueException';
  const cases: [() => unknown, string, string][] = [
    [creating('1'), 'ResourceConflictException', `Alias already exists: ${arn}:live`],
    [
      creating('1', { '2': 0.1, '3': 0.1 }),
      invalid,
      'Number of items in AdditionalVersionWeights cannot be greater than 1',
    ],
    [
      creating('1', { '1': 0.1 }),
      invalid,
      'Invalid function version 1. Function version 1 is already included in routing configuration.',
    ],
    [
      creating('$LATEST', { '1': 0.1 }),
      invalid,
      '$LATEST is not supported for an alias pointing to more than 1 version',
    ],
    [creating('10'), 'ResourceNotFoundException', `Function not found: ${arn}:10`],
    [creating('1', { '10': 0.5 }), 'ResourceNotFoundException', `Function not found: ${arn}:10`],
    [
      creating('1', {}, 'none'),
      'ResourceNotFoundException',
      `Function not found: ${arn.replace('one', 'none')}:1`,
    ],
    [
      () => updateAlias(deployment, 'one', 'dead', {}),
      'ResourceNotFoundException',
      `Alias not found: ${arn}:dead`,
    ],
    [
      () => updateAlias(deployment, 'one', 'live', { RevisionId: `${RevisionId}x` }),
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    ],
    [
      () => deleteAlias(deployment, 'none', 'live'),
      'ResourceNotFoundException',
      `Function not found: ${arn.replace('one', 'none')}`,
    ],
  ];
  for (const [deed, type, message] of cases) assert.throws(deed, { type, message });
  assert.equal(findAlias(deployment, 'one', 'live').RevisionId, RevisionId);
});
