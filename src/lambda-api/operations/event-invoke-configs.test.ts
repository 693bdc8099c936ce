import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DeleteFunctionEventInvokeConfigCommand,
  type DestinationConfig,
  GetFunctionEventInvokeConfigCommand,
  ListFunctionEventInvokeConfigsCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { createAlias, deleteAlias } from '../../deploy/aliases.ts';
import { deleteFunction } from '../../deploy/delete-function.ts';
import { systemClock } from '../../foundation/clock.ts';
import { deployedServer, refused } from '../testing/deployed-server.ts';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:greeter';
const queue = 'arn:aws:sqs:us-east-1:123456789012:failures';
const FunctionName = 'greeter';
const missing = `The function ${arn}:$LATEST doesn't have an EventInvokeConfig`;

test('a configuration from its first to its last', async (t) => {
  const { client, createFunction, deployment } = await deployedServer(t);
  await createFunction(FunctionName);
  const before = Math.floor(systemClock() / 1000) * 1000;
  const { $metadata, LastModified, ...put } = await client.send(
    new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }),
  );
  assert.deepEqual(put, {
    FunctionArn: `${arn}:$LATEST`,
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
  });
  assert.ok(LastModified !== undefined && LastModified.getTime() >= before);
  await client.send(
    new UpdateFunctionEventInvokeConfigCommand({
      FunctionName,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: queue } },
    }),
  );
  const kept = deployment.catalog.eventInvokeConfigs.get(FunctionName);
  assert.deepEqual([kept?.maximumRetryAttempts, kept?.maximumEventAgeS], [0, 60]);
  const found = await client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
  assert.deepEqual(found.DestinationConfig, { OnSuccess: {}, OnFailure: { Destination: queue } });
  const replaced = await client.send(
    new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumEventAgeInSeconds: 120 }),
  );
  assert.deepEqual(
    [replaced.MaximumRetryAttempts, replaced.MaximumEventAgeInSeconds, replaced.DestinationConfig],
    [undefined, 120, { OnSuccess: {}, OnFailure: {} }],
  );
  await client.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
  for (const command of [
    new GetFunctionEventInvokeConfigCommand({ FunctionName }),
    new DeleteFunctionEventInvokeConfigCommand({ FunctionName }),
    new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 1 }),
  ] as GetFunctionEventInvokeConfigCommand[])
    await refused(client.send(command), 'ResourceNotFoundException', missing);
});

test('configurations of aliases are their own, and go with them', async (t) => {
  const { client, createFunction, deployment } = await deployedServer(t);
  await createFunction(FunctionName);
  createAlias(deployment, FunctionName, { Name: 'live', FunctionVersion: '$LATEST' });
  for (const Qualifier of [undefined, 'live'])
    await client.send(
      new PutFunctionEventInvokeConfigCommand({ FunctionName, Qualifier, MaximumRetryAttempts: 1 }),
    );
  const list = async (Marker?: string) =>
    await client.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName, MaxItems: 1, Marker }));
  const first = await list();
  const second = await list(first.NextMarker);
  assert.deepEqual(
    [first, second].map((page) => page.FunctionEventInvokeConfigs?.map(({ FunctionArn }) => FunctionArn)),
    [[`${arn}:$LATEST`], [`${arn}:live`]],
  );
  assert.equal(second.NextMarker, undefined);
  deleteAlias(deployment, FunctionName, 'live');
  assert.equal((await list()).NextMarker, undefined);
  deleteFunction(deployment, { functionName: FunctionName });
  await createFunction(FunctionName);
  assert.deepEqual((await list()).FunctionEventInvokeConfigs, []);
});

const destinations: Record<string, [DestinationConfig, string]> = {
  'a function that is not there': [
    { OnSuccess: { Destination: arn.replace('greeter', 'nobody') } },
    `The destination ARN ${arn.replace('greeter', 'nobody')} is invalid.`,
  ],
  'the function itself': [
    { OnFailure: { Destination: `${arn}:1` } },
    "You can't specify the function as a destination for itself.",
  ],
  'what takes no results': [
    { OnSuccess: { Destination: queue }, OnFailure: { Destination: 'arn:aws:iam::123456789012:role/r' } },
    `The provided destination config DestinationConfig(onSuccess=OnSuccess(destination=${queue}), onFailure=OnFailure(destination=arn:aws:iam::123456789012:role/r)) is invalid.`,
  ],
};

test('what is refused', async (t) => {
  const { client, createFunction } = await deployedServer(t);
  await createFunction(FunctionName);
  const invalid = 'InvalidParameterValueException';
  await refused(
    client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName })),
    invalid,
    'You must specify at least one of error handling or destination setting.',
  );
  for (const [what, [DestinationConfig, message]] of Object.entries(destinations))
    await t.test(what, () =>
      refused(
        client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig })),
        invalid,
        message,
      ),
    );
  const none = "The function doesn't exist.";
  for (const command of [
    new PutFunctionEventInvokeConfigCommand({ FunctionName: 'nobody', MaximumRetryAttempts: 1 }),
    new PutFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: 'live', MaximumRetryAttempts: 1 }),
    new UpdateFunctionEventInvokeConfigCommand({ FunctionName: 'nobody', MaximumRetryAttempts: 1 }),
    new ListFunctionEventInvokeConfigsCommand({ FunctionName: 'nobody' }),
  ] as PutFunctionEventInvokeConfigCommand[])
    await refused(client.send(command), 'ResourceNotFoundException', none);
  for (const wrong of [{ MaximumRetryAttempts: 3 }, { MaximumEventAgeInSeconds: 59 }])
    await assert.rejects(client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, ...wrong })), {
      name: 'ValidationException',
    });
});
