import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionRecursionConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  GetRuntimeManagementConfigCommand,
  type LambdaClient,
  ListAliasesCommand,
  ListProvisionedConcurrencyConfigsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  PutRuntimeManagementConfigCommand,
  paginateListFunctions,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
  waitUntilPublishedVersionActive,
} from '@aws-sdk/client-lambda';
import { sampleRequest, zip } from '../../deploy/testing/deployed.ts';
import { knownRuntimes } from '../../domain/runtime-id.ts';
import { serviceModel } from '../model/service-model.ts';
import { deployedServer } from '../testing/deployed-server.ts';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:one';

async function served(t: TestContext): Promise<LambdaClient> {
  const { client, errors } = await deployedServer(t);
  t.after(() => assert.deepEqual(errors, []));
  return client;
}

async function withFunction(t: TestContext, name = 'one'): Promise<LambdaClient> {
  const { client, createFunction } = await deployedServer(t);
  await createFunction(name);
  return client;
}

const waiting = { maxWaitTime: 30, minDelay: 0.01, maxDelay: 0.1 };

test('the runtimes that are known are those of the model', () => {
  const { Runtime } = serviceModel.shapes;
  assert.ok(Runtime?.type === 'string');
  assert.deepEqual(knownRuntimes, Runtime.enum);
});

test('create, wait, read, update, wait, publish, delete, with the SDK and its waiters', async (t) => {
  const client = await served(t);
  const FunctionName = 'one';
  const created = await client.send(
    new CreateFunctionCommand({
      ...sampleRequest(FunctionName),
      Runtime: 'nodejs24.x',
      Publish: true,
      Tags: { team: 'blue' },
    }),
  );
  assert.deepEqual(
    [created.$metadata.httpStatusCode, created.Version, created.FunctionArn, created.State],
    [201, '1', arn, 'Pending'],
  );
  await waitUntilPublishedVersionActive({ client, ...waiting }, { FunctionName, Qualifier: '1' });
  await waitUntilFunctionActiveV2({ client, ...waiting }, { FunctionName });
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 7 }));
  const got = await client.send(new GetFunctionCommand({ FunctionName: arn, Qualifier: '$LATEST' }));
  assert.equal(got.Configuration?.FunctionArn, `${arn}:$LATEST`);
  assert.deepEqual([got.Configuration?.State, got.Configuration?.LastUpdateStatus], ['Active', 'Successful']);
  assert.deepEqual([got.Tags, got.Concurrency], [{ team: 'blue' }, { ReservedConcurrentExecutions: 7 }]);
  assert.equal(got.Code?.RepositoryType, 'S3');
  assert.match(got.Code?.Location ?? '', /^http:\/\/127\.0\.0\.1\/packages\/[0-9a-f]{64}$/);

  const updated = await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zip('2') }));
  assert.equal(updated.LastUpdateStatus, 'InProgress');
  await waitUntilFunctionUpdatedV2({ client, ...waiting }, { FunctionName });
  await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 256 }));
  await waitUntilFunctionUpdatedV2({ client, ...waiting }, { FunctionName });
  const published = await client.send(new PublishVersionCommand({ FunctionName, Description: 'second' }));
  assert.deepEqual(
    [published.$metadata.httpStatusCode, published.Version, published.FunctionArn, published.MemorySize],
    [201, '2', `${arn}:2`, 256],
  );
  const { Versions } = await client.send(new ListVersionsByFunctionCommand({ FunctionName }));
  assert.deepEqual(
    Versions?.map((version) => [version.FunctionArn, version.State, version.RuntimeVersionConfig]),
    ['$LATEST', '1', '2'].map((version) => [`${arn}:${version}`, undefined, undefined]),
  );
  const deletion = await client.send(new DeleteFunctionCommand({ FunctionName: `${FunctionName}:1` }));
  assert.equal(deletion.$metadata.httpStatusCode, 204);
  await client.send(new DeleteFunctionCommand({ FunctionName }));
  await assert.rejects(client.send(new GetFunctionConfigurationCommand({ FunctionName })), {
    name: 'ResourceNotFoundException',
    message: `Function not found: ${arn}`,
  });
});

test('functions are listed in pages; with FunctionVersion=ALL, all versions', async (t) => {
  const client = await served(t);
  const names = Array.from({ length: 7 }, (_, index) => `function-${index}`);
  for (const name of names)
    await client.send(
      new CreateFunctionCommand({ ...sampleRequest(name), Runtime: 'nodejs24.x', Publish: true }),
    );
  const list = async (FunctionVersion?: 'ALL') => {
    const found: (string | undefined)[] = [];
    const pages = paginateListFunctions({ client, pageSize: 3 }, FunctionVersion ? { FunctionVersion } : {});
    for await (const { Functions = [] } of pages) {
      assert.ok(Functions.length <= 3);
      found.push(...Functions.map(({ FunctionArn }) => FunctionArn));
    }
    return found;
  };
  const arns = names.map((name) => arn.replace('one', name));
  assert.deepEqual(await list(), arns);
  assert.deepEqual(
    await list('ALL'),
    arns.flatMap((one) => [`${one}:$LATEST`, `${one}:1`]),
  );
});

test('aliases', async (t) => {
  const client = await withFunction(t);
  const FunctionName = 'one';
  await client.send(new PublishVersionCommand({ FunctionName }));
  const { $metadata, ...made } = await client.send(
    new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }),
  );
  assert.equal($metadata.httpStatusCode, 201);
  const { $metadata: _, ...found } = await client.send(new GetAliasCommand({ FunctionName, Name: 'live' }));
  assert.deepEqual(found, made);
  await client.send(new UpdateAliasCommand({ FunctionName, Name: 'live', Description: 'for customers' }));
  const { Aliases } = await client.send(new ListAliasesCommand({ FunctionName, FunctionVersion: '1' }));
  assert.deepEqual(
    Aliases?.map(({ AliasArn, Description }) => [AliasArn, Description]),
    [[`${arn}:live`, 'for customers']],
  );
  const configuration = await client.send(
    new GetFunctionConfigurationCommand({ FunctionName: `${arn}:live` }),
  );
  assert.deepEqual([configuration.Version, configuration.FunctionArn], ['1', `${arn}:live`]);
  const deletion = await client.send(new DeleteAliasCommand({ FunctionName, Name: 'live' }));
  assert.equal(deletion.$metadata.httpStatusCode, 204);
});

test('concurrency, runtime management, recursion, account settings', async (t) => {
  const client = await withFunction(t);
  const FunctionName = 'one';
  const Qualifier = '1';
  await client.send(new PublishVersionCommand({ FunctionName }));
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 100 }));
  const reserved = async () =>
    (await client.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions;
  assert.equal(await reserved(), 100);
  const { AccountLimit, AccountUsage } = await client.send(new GetAccountSettingsCommand());
  assert.deepEqual(
    [AccountLimit?.ConcurrentExecutions, AccountLimit?.UnreservedConcurrentExecutions],
    [1000, 900],
  );
  assert.deepEqual([AccountLimit?.CodeSizeUnzipped, AccountLimit?.CodeSizeZipped], [262_144_000, 52_428_800]);
  assert.equal(AccountUsage?.FunctionCount, 1);

  const provisioned = await client.send(
    new PutProvisionedConcurrencyConfigCommand({
      FunctionName,
      Qualifier,
      ProvisionedConcurrentExecutions: 5,
    }),
  );
  assert.deepEqual([provisioned.$metadata.httpStatusCode, provisioned.Status], [202, 'FAILED']);
  const { Status, RequestedProvisionedConcurrentExecutions } = await client.send(
    new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }),
  );
  assert.deepEqual([Status, RequestedProvisionedConcurrentExecutions], ['FAILED', 5]);
  const listed = await client.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName }));
  assert.deepEqual(
    listed.ProvisionedConcurrencyConfigs?.map((config) => config.FunctionArn),
    [`${arn}:1`],
  );
  await client.send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
  await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  assert.equal(await reserved(), undefined);

  const management = async () =>
    (await client.send(new GetRuntimeManagementConfigCommand({ FunctionName, Qualifier }))).UpdateRuntimeOn;
  assert.equal(await management(), 'Auto');
  await client.send(
    new PutRuntimeManagementConfigCommand({ FunctionName, Qualifier, UpdateRuntimeOn: 'FunctionUpdate' }),
  );
  assert.equal(await management(), 'FunctionUpdate');
  const manual = new PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: 'Manual' });
  await assert.rejects(client.send(manual), { name: 'InvalidParameterValueException' });

  const recursion = async () =>
    (await client.send(new GetFunctionRecursionConfigCommand({ FunctionName }))).RecursiveLoop;
  assert.equal(await recursion(), 'Terminate');
  await client.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'Allow' }));
  assert.equal(await recursion(), 'Allow');
});

test('operations on a whole function refuse a qualifier', async (t) => {
  const client = await withFunction(t);
  const put = new PutFunctionConcurrencyCommand({
    FunctionName: `${arn}:1`,
    ReservedConcurrentExecutions: 1,
  });
  await assert.rejects(client.send(put), {
    name: 'InvalidParameterValueException',
    message: /^This operation is permitted on Lambda functions only\./,
  });
});
