import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateFunctionUrlConfigCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  ListFunctionUrlConfigsCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { createAlias, deleteAlias } from '../../deploy/aliases.ts';
import { deleteFunction } from '../../deploy/delete-function.ts';
import { deployedServer, refused } from '../testing/deployed-server.ts';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:greeter';
const FunctionName = 'greeter';
const urls = /^http:\/\/([a-z0-9]{32})\.lambda-url\.us-east-1\.localhost:4574\/$/;

test('a function URL from creation to deletion', async (t) => {
  const { client, createFunction, deployment } = await deployedServer(t);
  await createFunction(FunctionName);
  const Cors = { AllowOrigins: ['https://example.com'], AllowMethods: ['GET'], MaxAge: 60 };
  const made = await client.send(
    new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'AWS_IAM', Cors }),
  );
  assert.equal(made.$metadata.httpStatusCode, 201);
  const [, urlId = ''] = urls.exec(made.FunctionUrl ?? '') ?? [];
  const { $metadata, ...members } = made;
  assert.deepEqual(members, {
    FunctionUrl: made.FunctionUrl,
    FunctionArn: arn,
    AuthType: 'AWS_IAM',
    Cors,
    CreationTime: made.CreationTime,
    InvokeMode: 'BUFFERED',
  });
  const served = deployment.catalog.urls.byId(urlId);
  assert.deepEqual([served?.functionName, served?.qualifier], [FunctionName, '$LATEST']);
  await refused(
    client.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' })),
    'ResourceConflictException',
    `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
  );
  const kept = await client.send(
    new UpdateFunctionUrlConfigCommand({ FunctionName, InvokeMode: 'RESPONSE_STREAM' }),
  );
  assert.deepEqual(
    [kept.FunctionUrl, kept.AuthType, kept.Cors, kept.InvokeMode, kept.CreationTime],
    [made.FunctionUrl, 'AWS_IAM', Cors, 'RESPONSE_STREAM', made.CreationTime],
  );
  const changed = await client.send(
    new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE', Cors: {} }),
  );
  const { $metadata: _, ...found } = await client.send(new GetFunctionUrlConfigCommand({ FunctionName }));
  assert.deepEqual(found, {
    FunctionUrl: made.FunctionUrl,
    FunctionArn: arn,
    AuthType: 'NONE',
    CreationTime: made.CreationTime,
    LastModifiedTime: changed.LastModifiedTime,
    InvokeMode: 'RESPONSE_STREAM',
  });
  await client.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));
  assert.equal(deployment.catalog.urls.byId(urlId), undefined);
  const none = 'The resource you requested does not exist.';
  for (const command of [
    new GetFunctionUrlConfigCommand({ FunctionName }),
    new DeleteFunctionUrlConfigCommand({ FunctionName }),
    new UpdateFunctionUrlConfigCommand({ FunctionName }),
  ] as GetFunctionUrlConfigCommand[])
    await refused(client.send(command), 'ResourceNotFoundException', none);
});

test('URLs of aliases are their own, and go with them', async (t) => {
  const { client, createFunction, deployment } = await deployedServer(t);
  await createFunction(FunctionName);
  createAlias(deployment, FunctionName, { Name: 'live', FunctionVersion: '$LATEST' });
  const made = await client.send(
    new CreateFunctionUrlConfigCommand({ FunctionName, Qualifier: 'live', AuthType: 'NONE' }),
  );
  assert.equal(made.FunctionArn, `${arn}:live`);
  await client.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }));
  const list = async () => {
    const { FunctionUrlConfigs } = await client.send(new ListFunctionUrlConfigsCommand({ FunctionName }));
    return FunctionUrlConfigs?.map(({ FunctionArn }) => FunctionArn);
  };
  assert.deepEqual(await list(), [arn, `${arn}:live`]);
  deleteAlias(deployment, FunctionName, 'live');
  assert.deepEqual(await list(), [arn]);
  deleteFunction(deployment, { functionName: FunctionName });
  await createFunction(FunctionName);
  assert.deepEqual(await list(), []);
});

test('URLs of what is not there', async (t) => {
  const { client, createFunction } = await deployedServer(t);
  await createFunction(FunctionName);
  const AuthType = 'NONE';
  const none = 'Function does not exist';
  for (const command of [
    new CreateFunctionUrlConfigCommand({ FunctionName: 'nobody', AuthType }),
    new CreateFunctionUrlConfigCommand({ FunctionName, Qualifier: 'live', AuthType }),
    new UpdateFunctionUrlConfigCommand({ FunctionName: 'nobody' }),
    new ListFunctionUrlConfigsCommand({ FunctionName: 'nobody' }),
  ] as CreateFunctionUrlConfigCommand[])
    await refused(client.send(command), 'ResourceNotFoundException', none);
  await assert.rejects(
    client.send(new CreateFunctionUrlConfigCommand({ FunctionName, Qualifier: '1', AuthType })),
    { name: 'ValidationException' },
  );
});
