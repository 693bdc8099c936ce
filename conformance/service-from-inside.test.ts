import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { functionCode } from './support/packages.ts';
import { deploy, type RunningService, startService, zipped } from './support/running-service.ts';

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
  readonly error?: string;
}

/** A service with `echo`, which `may-invoke` may invoke by its role, and `may-not` may not. */
async function twoCallers(t: TestContext): Promise<RunningService> {
  const service = await startService(t);
  const { region, credentials } = service.client.config;
  const iam = new IAMClient({ endpoint: service.url, region: await region(), credentials, maxAttempts: 1 });
  t.after(() => iam.destroy());
  const code = await zipped(t, functionCode('calls-service'));
  await deploy(service, 'echo', await zipped(t, functionCode('echo')));
  for (const RoleName of ['may-invoke', 'may-not']) {
    const trust = statement('sts:AssumeRole', { Principal: { Service: 'lambda.amazonaws.com' } });
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    await deploy(service, RoleName, code, { Role: roleArn(RoleName) });
  }
  const Resource = 'arn:aws:lambda:us-east-1:123456789012:function:echo';
  const PolicyDocument = statement(['lambda:InvokeFunction', 'lambda:GetFunction'], { Resource });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'may-invoke', PolicyName: 'p', PolicyDocument }));
  return service;
}

function roleArn(name: string): string {
  return `arn:aws:iam::123456789012:role/${name}`;
}

function statement(Action: string | string[], more: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, ...more }] });
}

/** What a function gets for a request it sends to the service. */
async function ask({ client }: RunningService, FunctionName: string, request: object): Promise<Answer> {
  const Payload = Buffer.from(JSON.stringify(request));
  const answer = await client.send(new InvokeCommand({ FunctionName, Payload }));
  const text = answer.Payload!.transformToString();
  assert.equal(answer.FunctionError, undefined, text);
  return JSON.parse(text);
}

const invokeEcho = {
  method: 'POST',
  path: '/2015-03-31/functions/echo/invocations',
  body: '{"from":"inside"}',
};

describe('a function that uses the service', () => {
  test('may what its role allows, and nothing else', async (t) => {
    const service = await twoCallers(t);
    assert.deepEqual(await ask(service, 'may-invoke', invokeEcho), {
      status: 200,
      body: '{"from":"inside"}',
    });

    const refused = await ask(service, 'may-not', invokeEcho);
    assert.deepEqual([refused.status, refused.type], [403, 'AccessDeniedException']);
    assert.match(
      refused.body!,
      /assumed-role\/may-not\/may-not is not authorized to perform: lambda:InvokeFunction/,
    );
    const other = await ask(service, 'may-invoke', { path: '/2015-03-31/functions/may-not' });
    assert.deepEqual([other.status, other.type], [403, 'AccessDeniedException']);
    assert.equal(await service.down(), 0);
  });

  test('is no local program: figures and packages are not for it without a signature', async (t) => {
    const service = await twoCallers(t);
    const open = await ask(service, 'may-not', { path: '/healthz', unsigned: true });
    assert.deepEqual([open.status, JSON.parse(open.body!)], [200, { status: 'ready' }]);
    const found = await ask(service, 'may-invoke', { path: '/2015-03-31/functions/echo' });
    const location = new URL(JSON.parse(found.body!).Code.Location);
    // As the function itself reaches the service.
    assert.match(location.host, /^169\.254\.\d+\.1:9002$/);
    const path = location.pathname + location.search;
    assert.equal((await ask(service, 'may-not', { path, unsigned: true })).status, 200);
    for (const request of [
      { path: '/metrics', unsigned: true },
      { path: '/metrics' },
      { path: '/_thaw/environments' },
      { path: location.pathname, unsigned: true },
      { path: location.pathname },
    ])
      assert.equal((await ask(service, 'may-invoke', request)).status, 403, JSON.stringify(request));
    assert.equal(await service.down(), 0);
  });

  test('gains nothing by credentials it makes up, or puts together from those of others', async (t) => {
    const service = await twoCallers(t);
    await deploy(service, 'env-dump', await zipped(t, functionCode('env-dump')), {
      Role: roleArn('may-invoke'),
    });
    const answer = await service.client.send(new InvokeCommand({ FunctionName: 'env-dump' }));
    const { env: other } = JSON.parse(answer.Payload!.transformToString());
    for (const credentials of [
      { accessKeyId: other.AWS_ACCESS_KEY_ID },
      { sessionToken: other.AWS_SESSION_TOKEN },
      { accessKeyId: other.AWS_ACCESS_KEY_ID, sessionToken: other.AWS_SESSION_TOKEN },
      { secretAccessKey: other.AWS_SECRET_ACCESS_KEY },
      { sessionToken: 'made-up' },
    ]) {
      const { status, body } = await ask(service, 'may-not', { ...invokeEcho, credentials });
      assert.equal(status, 403, `${Object.keys(credentials)}: ${body}`);
    }
    assert.equal((await ask(service, 'may-not', { ...invokeEcho, unsigned: true })).status, 403);
    assert.equal(await service.down(), 0);
  });
});
