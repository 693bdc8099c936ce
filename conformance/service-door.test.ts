import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { eventually } from './support/eventually.ts';
import { functionCode } from './support/packages.ts';
import { deploy, type RunningService, role, startService, zipped } from './support/running-service.ts';

const roleName = role.split('/').at(-1)!;

async function environmentOf(service: RunningService, FunctionName: string): Promise<Record<string, string>> {
  const answer = await service.client.send(new InvokeCommand({ FunctionName }));
  return JSON.parse(answer.Payload!.transformToString()).env;
}

test('one port: roles made with IAM are what the environments’ credentials may do', async (t) => {
  const service = await startService(t);
  const { region, credentials } = service.client.config;
  const settings = { endpoint: service.url, region: await region(), credentials, maxAttempts: 1 };
  const iam = new IAMClient(settings);
  const account = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
  assert.equal(account.Arn, 'arn:aws:iam::123456789012:root');
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(new CreateRoleCommand({ RoleName: roleName, AssumeRolePolicyDocument: trust }));

  await deploy(service, 'env-dump', await zipped(t, functionCode('env-dump')));
  await deploy(service, 'echo', await zipped(t, functionCode('echo')));
  const given = await environmentOf(service, 'env-dump');
  const ofRole = {
    ...settings,
    credentials: {
      accessKeyId: given.AWS_ACCESS_KEY_ID!,
      secretAccessKey: given.AWS_SECRET_ACCESS_KEY!,
      sessionToken: given.AWS_SESSION_TOKEN!,
    },
  };
  const caller = await new STSClient(ofRole).send(new GetCallerIdentityCommand({}));
  assert.equal(caller.Arn, `arn:aws:sts::123456789012:assumed-role/${roleName}/env-dump`);
  const invoke = () => new LambdaClient(ofRole).send(new InvokeCommand({ FunctionName: 'echo' }));
  await assert.rejects(invoke(), { name: 'AccessDeniedException' });
  const Action = 'lambda:InvokeFunction';
  const Resource = 'arn:aws:lambda:us-east-1:123456789012:function:echo';
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource }],
  });
  await iam.send(new PutRolePolicyCommand({ RoleName: roleName, PolicyName: 'p', PolicyDocument: policy }));
  assert.equal((await invoke()).StatusCode, 200);
  assert.equal(await service.down(), 0);
});

test('one port: a function URL, told by its host name', async (t) => {
  const service = await startService(t);
  await deploy(service, 'echo', await zipped(t, functionCode('echo')));
  const FunctionName = 'echo';
  const { FunctionUrl } = await service.client.send(
    new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }),
  );
  const url = new URL(FunctionUrl!);
  assert.equal(url.port, new URL(service.url).port);
  assert.equal((await get(url)).status, 403);
  for (const [Action, FunctionUrlAuthType] of [
    ['lambda:InvokeFunctionUrl', 'NONE'],
    ['lambda:InvokeFunction', undefined],
  ] as const)
    await service.client.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: Action.replace(':', '-'),
        Action,
        Principal: '*',
        ...(FunctionUrlAuthType && { FunctionUrlAuthType }),
      }),
    );
  const answer = await get(url);
  assert.equal(answer.status, 200);
  assert.equal(JSON.parse(answer.body).requestContext.domainName, url.hostname);
  assert.equal(await service.down(), 0);
});

test('an update is followed: the old environment goes, the next invocation runs on the new one', async (t) => {
  const service = await startService(t);
  await deploy(service, 'env-dump', await zipped(t, functionCode('env-dump')));
  const FunctionName = 'env-dump';
  const before = await environmentOf(service, FunctionName);
  const Environment = { Variables: { COLOUR: 'blue' } };
  await service.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));
  await waitUntilFunctionUpdatedV2(
    { client: service.client, minDelay: 0.05, maxDelay: 0.5, maxWaitTime: 60 },
    { FunctionName },
  );
  const after = await environmentOf(service, FunctionName);
  assert.deepEqual([before.COLOUR, after.COLOUR], [undefined, 'blue']);
  await eventually(async () => {
    const environments: { logStreamName: string }[] = JSON.parse((await service.thaw('ps', '--json')).stdout);
    return environments.map((each) => each.logStreamName).join() === after.AWS_LAMBDA_LOG_STREAM_NAME;
  });
  assert.equal(await service.down(), 0);
});

/** Names below localhost are this machine, whatever its resolver knows of them. */
function get(url: URL): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: url.port, path: url.pathname, headers: { host: url.host } };
    request({ ...options, agent: false }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      res.on('end', () => resolve({ status: res.statusCode!, body }));
    })
      .on('error', reject)
      .end();
  });
}
