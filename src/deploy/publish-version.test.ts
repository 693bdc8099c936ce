import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAlias } from './aliases.ts';
import { createFunction } from './create-function.ts';
import { deleteFunction } from './delete-function.ts';
import { publishVersion } from './publish-version.ts';
import { deployed, sampleRequest, zip } from './testing/deployed.ts';
import { updateFunctionCode } from './update-function-code.ts';
import { updateFunctionConfiguration } from './update-function-configuration.ts';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:one';

async function withFunction(t: Parameters<typeof deployed>[0]) {
  const { deployment } = await deployed(t);
  await createFunction(deployment, { ...sampleRequest('one'), Description: 'of the function' });
  await deployment.settler.idle();
  return deployment;
}

test('unchanged since the last version: that version is answered, whatever description is asked for', async (t) => {
  const deployment = await withFunction(t);
  const first = publishVersion(deployment, 'one', { Description: 'the first' });
  assert.deepEqual(
    [first.Version, first.FunctionArn, first.Description, first.State, first.LastUpdateStatus],
    ['1', `${arn}:1`, 'the first', 'Active', 'Successful'],
  );
  assert.deepEqual(publishVersion(deployment, 'one', { Description: 'the second' }), first);
  // An update that changes nothing is another revision, but no other content.
  updateFunctionConfiguration(deployment, 'one', { Timeout: 3 });
  await deployment.settler.idle();
  assert.deepEqual(publishVersion(deployment, 'one', {}), first);
});

test('a change of configuration or code is another version; old ones stay what they were', async (t) => {
  const deployment = await withFunction(t);
  const first = publishVersion(deployment, 'one', {});
  updateFunctionConfiguration(deployment, 'one', { MemorySize: 512 });
  await deployment.settler.idle();
  assert.equal(publishVersion(deployment, 'one', {}).Version, '2');
  const third = await updateFunctionCode(deployment, 'one', { ZipFile: zip('3'), Publish: true });
  assert.deepEqual([third.Version, third.FunctionArn, third.State], ['3', `${arn}:3`, 'Pending']);
  await deployment.settler.idle();
  assert.equal(deployment.catalog.version('one', '3')?.configuration.State, 'Active');
  assert.deepEqual(deployment.catalog.version('one', '1')?.configuration, first);
  assert.equal(deployment.catalog.version('one', '2')?.configuration.MemorySize, 512);
});

test('numbers are never given twice, though versions are deleted', async (t) => {
  const deployment = await withFunction(t);
  publishVersion(deployment, 'one', {});
  deleteFunction(deployment, { functionName: 'one', qualifier: '1' });
  assert.equal(publishVersion(deployment, 'one', {}).Version, '2');
});

test('another CodeSha256 than that of $LATEST refuses', async (t) => {
  const deployment = await withFunction(t);
  const { CodeSha256 } = deployment.catalog.functions.latest('one')!.configuration;
  assert.throws(() => publishVersion(deployment, 'one', { CodeSha256: 'other' }), {
    type: 'InvalidParameterValueException',
    message: `CodeSHA256 (other) is different from current CodeSHA256 in $LATEST (${CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
  });
  assert.equal(publishVersion(deployment, 'one', { CodeSha256 }).Version, '1');
});

test('deleting: $LATEST, aliases and what aliases point to are refused; a version that is not there is not found', async (t) => {
  const deployment = await withFunction(t);
  publishVersion(deployment, 'one', {});
  createAlias(deployment, 'one', { Name: 'live', FunctionVersion: '1' });
  const deleting = (qualifier?: string) => () =>
    deleteFunction(deployment, { functionName: 'one', ...(qualifier !== undefined && { qualifier }) });
  assert.throws(deleting('$LATEST'), {
    type: 'InvalidParameterValueException',
    message: '$LATEST version cannot be deleted without deleting the function.',
  });
  assert.throws(deleting('live'), { message: 'Deletion of aliases is not currently supported.' });
  assert.throws(deleting('1'), {
    type: 'ResourceConflictException',
    message: 'Unable to delete version because the following aliases reference it: [live]',
  });
  assert.throws(deleting('9'), {
    type: 'ResourceNotFoundException',
    message: `Function not found: ${arn}:9`,
  });
  deleting()();
  assert.throws(deleting(), { type: 'ResourceNotFoundException', message: `Function not found: ${arn}` });
});
