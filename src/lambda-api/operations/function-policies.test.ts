import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  GetPolicyCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { createAlias, deleteAlias } from '../../deploy/aliases.ts';
import { deleteFunction } from '../../deploy/delete-function.ts';
import { publishVersion } from '../../deploy/publish-version.ts';
import { deployedServer, refused } from '../testing/deployed-server.ts';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:greeter';
const invoke = { FunctionName: 'greeter', StatementId: 's1', Action: 'lambda:InvokeFunction' };
const bucket = 'arn:aws:s3:::photos';
const noResource = 'The resource you requested does not exist.';

const statements: Record<string, [Partial<AddPermissionCommandInput>, object]> = {
  'a service': [{ Principal: 'sns.amazonaws.com' }, { Principal: { Service: 'sns.amazonaws.com' } }],
  'a service, for one source': [
    { Principal: 's3.amazonaws.com', SourceArn: bucket, SourceAccount: '210987654321' },
    {
      Principal: { Service: 's3.amazonaws.com' },
      Condition: {
        StringEquals: { 'AWS:SourceAccount': '210987654321' },
        ArnLike: { 'AWS:SourceArn': bucket },
      },
    },
  ],
  'an account': [{ Principal: '210987654321' }, { Principal: { AWS: 'arn:aws:iam::210987654321:root' } }],
  'a role': [
    { Principal: 'arn:aws:iam::210987654321:role/caller' },
    { Principal: { AWS: 'arn:aws:iam::210987654321:role/caller' } },
  ],
  'an organisation': [
    { Principal: '*', PrincipalOrgID: 'o-abcdefghij' },
    { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } },
  ],
  'callers of its URL': [
    { Principal: '*', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
    {
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
    },
  ],
  'callers by way of its URL': [
    { Principal: '*', InvokedViaFunctionUrl: true },
    { Principal: '*', Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } },
  ],
  'a skill': [
    { Principal: 'alexa-appkit.amazon.com', EventSourceToken: 'amzn1.ask.skill.1' },
    {
      Principal: { Service: 'alexa-appkit.amazon.com' },
      Condition: { StringEquals: { 'lambda:EventSourceToken': 'amzn1.ask.skill.1' } },
    },
  ],
};

test('statements as Lambda writes them', async (t) => {
  const { client, createFunction } = await deployedServer(t);
  await createFunction('greeter');
  for (const [what, [request, expected]] of Object.entries(statements)) {
    const { Statement } = await client.send(
      new AddPermissionCommand({ ...invoke, Principal: '*', ...request }),
    );
    const whole = { Sid: 's1', Effect: 'Allow', Action: invoke.Action, Resource: arn, ...expected };
    assert.deepEqual(JSON.parse(Statement ?? ''), whole, what);
    const { Policy } = await client.send(new GetPolicyCommand({ FunctionName: 'greeter' }));
    assert.deepEqual(
      JSON.parse(Policy ?? ''),
      { Version: '2012-10-17', Id: 'default', Statement: [whole] },
      what,
    );
    await client.send(new RemovePermissionCommand({ FunctionName: 'greeter', StatementId: 's1' }));
    await refused(
      client.send(new GetPolicyCommand({ FunctionName: 'greeter' })),
      'ResourceNotFoundException',
      noResource,
    );
  }
});

const refusals: Record<string, [Partial<AddPermissionCommandInput>, string, string]> = {
  'a principal that is none': [
    { Principal: 'somebody' },
    'InvalidParameterValueException',
    'The provided principal was invalid. Please check the principal and try again.',
  ],
  'a service that is not AWS’s': [
    { Principal: 'sns.example.com' },
    'InvalidParameterValueException',
    'The provided principal was invalid. Please check the principal and try again.',
  ],
  'an authentication type without a URL': [
    { Principal: '*', FunctionUrlAuthType: 'NONE' },
    'InvalidParameterValueException',
    'FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action',
  ],
  $LATEST: [
    { Principal: '*', Qualifier: '$LATEST' },
    'InvalidParameterValueException',
    'We currently do not support adding policies for $LATEST.',
  ],
  'an alias that is not there': [
    { Principal: '*', Qualifier: 'live' },
    'ResourceNotFoundException',
    `Cannot find alias arn: ${arn}:live`,
  ],
  'a version that is not there': [
    { Principal: '*', Qualifier: '7' },
    'ResourceNotFoundException',
    `Function not found: ${arn}:7`,
  ],
  'a function that is not there': [
    { Principal: '*', FunctionName: 'nobody' },
    'ResourceNotFoundException',
    `Function not found: ${arn.replace('greeter', 'nobody')}`,
  ],
  'another revision': [
    { Principal: '*', RevisionId: 'wrong' },
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id',
  ],
};

test('what is refused', async (t) => {
  const { client, createFunction, deployment } = await deployedServer(t);
  await createFunction('greeter');
  for (const [what, [request, name, message]] of Object.entries(refusals))
    await t.test(what, () =>
      refused(
        client.send(new AddPermissionCommand({ ...invoke, Principal: '*', ...request })),
        name,
        message,
      ),
    );
  await refused(
    client.send(new RemovePermissionCommand({ FunctionName: 'nobody', StatementId: 's1' })),
    'ResourceNotFoundException',
    `No policy found for: ${arn.replace('greeter', 'nobody')}`,
  );
  const remove = (input: { StatementId: string; RevisionId?: string }) =>
    client.send(new RemovePermissionCommand({ FunctionName: 'greeter', ...input }));
  await refused(
    remove({ StatementId: 's1' }),
    'ResourceNotFoundException',
    'No policy is associated with the given resource.',
  );
  const { configuration } = deployment.catalog.functions.latest('greeter')!;
  const add = new AddPermissionCommand({ ...invoke, Principal: '*', RevisionId: configuration.RevisionId });
  await client.send(add);
  await refused(
    client.send(new AddPermissionCommand({ ...invoke, Principal: '*' })),
    'ResourceConflictException',
    'The statement id (s1) provided already exists. Please provide a new statement id, or remove the existing statement.',
  );
  await refused(
    remove({ StatementId: 's2' }),
    'ResourceNotFoundException',
    'Statement s2 is not found in resource policy.',
  );
  await assert.rejects(remove({ StatementId: 's1', RevisionId: 'wrong' }), {
    name: 'PreconditionFailedException',
  });
  const { RevisionId } = await client.send(new GetPolicyCommand({ FunctionName: 'greeter' }));
  await remove({ StatementId: 's1', RevisionId: RevisionId! });
});

test('a policy has 20 KB', async (t) => {
  const { client, createFunction } = await deployedServer(t);
  await createFunction('greeter');
  const add = (index: number, sourceLength: number) =>
    client.send(
      new AddPermissionCommand({
        ...invoke,
        StatementId: `s${index}`,
        Principal: 's3.amazonaws.com',
        SourceArn: `arn:aws:s3:::${'x'.repeat(sourceLength)}`,
      }),
    );
  await add(1, 8000);
  await add(2, 8000);
  const { Policy } = await client.send(new GetPolicyCommand({ FunctionName: 'greeter' }));
  const perStatement = JSON.stringify(JSON.parse(Policy ?? '').Statement[0]).length - 8000 + 1;
  const room = 20_480 - (Policy ?? '').length - perStatement;
  await refused(
    add(3, room + 1),
    'PolicyLengthExceededException',
    'The final policy size (20481) is bigger than the limit (20480).',
  );
  await add(3, room);
});

test('policies of aliases and versions are their own, and go with them', async (t) => {
  const { client, createFunction, deployment } = await deployedServer(t);
  await createFunction('greeter');
  publishVersion(deployment, 'greeter', {});
  await deployment.settler.idle();
  createAlias(deployment, 'greeter', { Name: 'live', FunctionVersion: '1' });
  for (const Qualifier of ['live', '1']) {
    const { Statement } = await client.send(
      new AddPermissionCommand({ ...invoke, Principal: '*', Qualifier }),
    );
    assert.equal(JSON.parse(Statement ?? '').Resource, `${arn}:${Qualifier}`);
  }
  const get = (Qualifier?: string) =>
    client.send(new GetPolicyCommand({ FunctionName: 'greeter', ...(Qualifier && { Qualifier }) }));
  await refused(get(), 'ResourceNotFoundException', noResource);
  deleteAlias(deployment, 'greeter', 'live');
  createAlias(deployment, 'greeter', { Name: 'live', FunctionVersion: '1' });
  await refused(get('live'), 'ResourceNotFoundException', noResource);
  await get('1');

  await client.send(new AddPermissionCommand({ ...invoke, Principal: '*' }));
  await refused(get('$LATEST'), 'ResourceNotFoundException', noResource);
  deleteFunction(deployment, { functionName: 'greeter' });
  await createFunction('greeter');
  await refused(get(), 'ResourceNotFoundException', noResource);
});

test('whom a policy lets is let, for what it says', async (t) => {
  const { client, clientOf, identity, createFunction } = await deployedServer(t);
  await createFunction('greeter');
  const roleArn = 'arn:aws:iam::123456789012:role/reader';
  const reader = clientOf(identity.issue(roleArn, 'session'));
  const read = () => reader.send(new GetPolicyCommand({ FunctionName: 'greeter' }));
  await assert.rejects(read(), { name: 'AccessDeniedException' });
  await client.send(new AddPermissionCommand({ ...invoke, Action: 'lambda:GetPolicy', Principal: roleArn }));
  assert.match((await read()).Policy ?? '', /lambda:GetPolicy/);
  await assert.rejects(
    reader.send(new RemovePermissionCommand({ FunctionName: 'greeter', StatementId: 's1' })),
    {
      name: 'AccessDeniedException',
    },
  );
  await client.send(new RemovePermissionCommand({ FunctionName: 'greeter', StatementId: 's1' }));
  await assert.rejects(read(), { name: 'AccessDeniedException' });
});
