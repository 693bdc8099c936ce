import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountSettings } from './account-settings.ts';
import { createAlias, deleteAlias } from './aliases.ts';
import { createFunction } from './create-function.ts';
import {
  deleteProvisionedConcurrency,
  findProvisionedConcurrency,
  putProvisionedConcurrency,
} from './provisioned-concurrency.ts';
import { deleteFunctionConcurrency, putFunctionConcurrency } from './reserved-concurrency.ts';
import { deployed, sampleRequest, zip } from './testing/deployed.ts';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:one';
const invalid = 'InvalidParameterValueException';

async function withVersion(t: Parameters<typeof deployed>[0]) {
  const { deployment } = await deployed(t, { concurrentExecutions: 300 });
  await createFunction(deployment, { ...sampleRequest('one'), Publish: true });
  await createFunction(deployment, sampleRequest('two'));
  await deployment.settler.idle();
  createAlias(deployment, 'one', { Name: 'live', FunctionVersion: '1' });
  createAlias(deployment, 'one', { Name: 'latest', FunctionVersion: '$LATEST' });
  return deployment;
}

test('reservations leave enough to the others', async (t) => {
  const deployment = await withVersion(t);
  const limits = () => accountSettings(deployment).AccountLimit;
  putFunctionConcurrency(deployment, 'one', 150);
  const refused = {
    type: invalid,
    message:
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  };
  assert.throws(() => putFunctionConcurrency(deployment, 'two', 51), refused);
  putFunctionConcurrency(deployment, 'two', 50);
  putFunctionConcurrency(deployment, 'one', 150);
  putFunctionConcurrency(deployment, 'two', 0);
  assert.deepEqual([limits().ConcurrentExecutions, limits().UnreservedConcurrentExecutions], [300, 150]);
  deleteFunctionConcurrency(deployment, 'one');
  assert.equal(limits().UnreservedConcurrentExecutions, 300);
  assert.throws(() => putFunctionConcurrency(deployment, 'none', 1), {
    message: `Function not found: ${arn.replace('one', 'none')}:$LATEST`,
  });
});

test('provisioned concurrency is kept, says that it provisions nothing, and is found and deleted', async (t) => {
  const deployment = await withVersion(t);
  const { StatusReason, LastModified, ...config } = putProvisionedConcurrency(deployment, 'one', 'live', 5);
  assert.deepEqual(config, {
    RequestedProvisionedConcurrentExecutions: 5,
    AllocatedProvisionedConcurrentExecutions: 0,
    AvailableProvisionedConcurrentExecutions: 0,
    Status: 'FAILED',
  });
  assert.match(StatusReason ?? '', /starts no environments ahead of time/);
  assert.deepEqual(findProvisionedConcurrency(deployment, 'one', 'live'), {
    ...config,
    StatusReason,
    LastModified,
  });
  deleteProvisionedConcurrency(deployment, 'one', 'live');
  deleteProvisionedConcurrency(deployment, 'one', 'live');
  assert.throws(() => findProvisionedConcurrency(deployment, 'one', 'live'), {
    type: 'ProvisionedConcurrencyConfigNotFoundException',
    message: 'No Provisioned Concurrency Config found for this function',
  });
});

test('it goes with its alias', async (t) => {
  const deployment = await withVersion(t);
  putProvisionedConcurrency(deployment, 'one', 'live', 5);
  deleteAlias(deployment, 'one', 'live');
  assert.deepEqual(deployment.catalog.provisionedConcurrency.of('one'), []);
});

test('what is refused of provisioned concurrency, in the words of the service', async (t) => {
  const deployment = await withVersion(t);
  const put = (qualifier: string, executions = 1, name = 'one') =>
    putProvisionedConcurrency(deployment, name, qualifier, executions);
  const unpublished = 'Provisioned Concurrency Configs cannot be applied to unpublished function versions.';
  const missing = 'ResourceNotFoundException';
  assert.throws(() => put('$LATEST'), { type: invalid, message: unpublished });
  assert.throws(() => put('latest'), { type: invalid, message: unpublished });
  assert.throws(() => put('10'), { type: missing, message: `Function not found: ${arn}:10` });
  assert.throws(() => put('dead'), { type: missing, message: `Cannot find alias arn: ${arn}:dead` });
  assert.throws(() => put('1', 1, 'none'), {
    message: `Function not found: ${arn.replace('one', 'none')}:1`,
  });
  assert.throws(() => findProvisionedConcurrency(deployment, 'one', '$LATEST'), {
    type: invalid,
    message: 'The function resource provided must be an alias or a published version.',
  });
  assert.throws(() => put('1', 301), {
    message:
      "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [300].",
  });
  assert.throws(() => put('1', 201), {
    message:
      "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  });
  put('1', 20);
  assert.throws(() => put('live'), {
    type: 'ResourceConflictException',
    message:
      "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
  });
  assert.throws(() => putFunctionConcurrency(deployment, 'one', 19), {
    type: invalid,
    message:
      "ReservedConcurrentExecutions  19 should not be lower than function's total provisioned concurrency [20].",
  });
  putFunctionConcurrency(deployment, 'one', 20);
  assert.throws(() => put('1', 21), {
    message:
      'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
  });
  deleteProvisionedConcurrency(deployment, 'one', '1');
  put('live', 20);
  assert.throws(() => put('1'), {
    type: 'ResourceConflictException',
    message: 'Version is pointed by a Provisioned Concurrency alias',
  });
});

test('account settings count functions and the bytes of every version', async (t) => {
  const deployment = await withVersion(t);
  assert.deepEqual(accountSettings(deployment).AccountUsage, {
    FunctionCount: 2,
    TotalCodeSize: 3 * zip().length,
  });
});
