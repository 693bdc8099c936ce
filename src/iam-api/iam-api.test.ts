import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import * as iam from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { iamQuota } from '../domain/limits.ts';
import type { Identity } from '../iam/identity.ts';
import { openIdentity, temporaryDirectory } from '../iam/testing/opened-identity.ts';
import { IamApi } from './iam-api.ts';

const account = '123456789012';
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const mayInvoke = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' },
});

/** The API behind a real server, and clients of AWS's with the account's keys or others. */
async function serve(context: TestContext) {
  const identity = openIdentity(context, temporaryDirectory(context));
  const api = new IamApi(identity);
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const { method = '', url = '', headers } = request;
    assert.ok(api.handles({ rawUrl: url, headers }), 'the request was signed for IAM or STS');
    const answer = await api.answer({
      requestId: randomUUID(),
      method,
      rawUrl: url,
      headers,
      body,
      nowMs: Date.now(),
      conditions: { 'aws:SourceIp': '127.0.0.1' },
    });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  const clients = (credentials: Keys = identity.accountKeys, region = 'us-east-1') => {
    const configuration = { endpoint, region, credentials, maxAttempts: 1 };
    const made = { iam: new iam.IAMClient(configuration), sts: new STSClient(configuration) };
    context.after(() => [made.iam.destroy(), made.sts.destroy()]);
    return made;
  };
  return { identity, clients, ...clients() };
}

function refused(name: string, status: number, message?: RegExp) {
  return (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
    assert.equal(error.name, name, error.message);
    assert.equal(error.$metadata?.httpStatusCode, status);
    if (message !== undefined) assert.match(error.message, message);
    return true;
  };
}

test('the life of a role, with the clients of AWS', async (context) => {
  const { iam: client, identity } = await serve(context);
  const RoleName = 'worker';
  const { Role: made } = await client.send(
    new iam.CreateRoleCommand({
      RoleName,
      Path: '/team/',
      AssumeRolePolicyDocument: trust,
      Description: 'für <alle> & "jeden"',
      MaxSessionDuration: 7200,
      Tags: [
        { Key: 'team', Value: 'Straße 1' },
        { Key: 'empty', Value: '' },
      ],
    }),
  );
  assert.equal(made!.Arn, `arn:aws:iam::${account}:role/team/worker`);
  assert.match(made!.RoleId!, /^AROATHAW[A-Z2-7]{13}$/);
  const { Role: got } = await client.send(new iam.GetRoleCommand({ RoleName }));
  assert.deepEqual({ ...got, RoleLastUsed: undefined }, { ...made, RoleLastUsed: undefined });
  assert.equal(got!.Description, 'für <alle> & "jeden"');
  assert.deepEqual(got!.Tags, [
    { Key: 'team', Value: 'Straße 1' },
    { Key: 'empty', Value: '' },
  ]);
  assert.equal(decodeURIComponent(got!.AssumeRolePolicyDocument!), trust);
  assert.ok(Math.abs(got!.CreateDate!.getTime() - Date.now()) < 60_000);

  await client.send(
    new iam.PutRolePolicyCommand({ RoleName, PolicyName: 'invoke', PolicyDocument: mayInvoke }),
  );
  const read = await client.send(new iam.GetRolePolicyCommand({ RoleName, PolicyName: 'invoke' }));
  assert.equal(decodeURIComponent(read.PolicyDocument!), mayInvoke);
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  await client.send(new iam.AttachRolePolicyCommand({ RoleName, PolicyArn }));
  await client.send(new iam.AttachRolePolicyCommand({ RoleName, PolicyArn }));
  const attached = await client.send(new iam.ListAttachedRolePoliciesCommand({ RoleName }));
  assert.deepEqual(attached.AttachedPolicies, [{ PolicyArn, PolicyName: 'AWSLambdaBasicExecutionRole' }]);
  assert.deepEqual((await client.send(new iam.ListRolePoliciesCommand({ RoleName }))).PolicyNames, [
    'invoke',
  ]);

  const deleteRole = () => client.send(new iam.DeleteRoleCommand({ RoleName }));
  await assert.rejects(deleteRole, refused('DeleteConflictException', 409, /must detach all policies first/));
  await client.send(new iam.DetachRolePolicyCommand({ RoleName, PolicyArn }));
  await assert.rejects(deleteRole, refused('DeleteConflictException', 409, /must delete policies first/));
  await client.send(new iam.DeleteRolePolicyCommand({ RoleName, PolicyName: 'invoke' }));
  const profiles = await client.send(new iam.ListInstanceProfilesForRoleCommand({ RoleName }));
  assert.deepEqual(profiles.InstanceProfiles ?? [], []);
  await deleteRole();
  await assert.rejects(
    client.send(new iam.GetRoleCommand({ RoleName })),
    refused('NoSuchEntityException', 404, /The role with name worker cannot be found\./),
  );
  assert.equal(identity.roles.find(RoleName), undefined);
});

test('what is refused, in the words of AWS', async (context) => {
  const { iam: client } = await serve(context);
  const create = (input: Partial<iam.CreateRoleCommandInput>) =>
    client.send(new iam.CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: trust, ...input }));
  await create({});
  await assert.rejects(
    create({ RoleName: 'WORKER' }),
    refused('EntityAlreadyExistsException', 409, /^Role with name WORKER already exists\.$/),
  );
  const cases: [Partial<iam.CreateRoleCommandInput>, string, RegExp][] = [
    [
      { RoleName: 'a b' },
      'ValidationError',
      /Value 'a b' at 'roleName' failed .* pattern: \[\\w\+=,\.@-\]\+/,
    ],
    [{ RoleName: 'a'.repeat(65) }, 'ValidationError', /length less than or equal to 64/],
    [{ Path: 'team' }, 'ValidationError', /at 'path'/],
    [{ MaxSessionDuration: 60 }, 'ValidationError', /greater than or equal to 3600/],
    [{ AssumeRolePolicyDocument: '{' }, 'MalformedPolicyDocumentException', /invalid Json/],
    [{ AssumeRolePolicyDocument: mayInvoke }, 'MalformedPolicyDocumentException', /STS AssumeRole actions/],
    [
      { PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      'InvalidInputException',
      /boundaries/,
    ],
    [
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      },
      'InvalidInputException',
      /Duplicate tag keys/,
    ],
  ];
  for (const [input, name, message] of cases)
    await assert.rejects(create({ RoleName: 'other', ...input }), refused(name, 400, message));
  const long = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${'b'.repeat(10_300)}` },
  };
  await assert.rejects(
    client.send(
      new iam.PutRolePolicyCommand({
        RoleName: 'worker',
        PolicyName: 'p',
        PolicyDocument: JSON.stringify(long),
      }),
    ),
    refused('LimitExceededException', 409, /Maximum policy size of 10240 bytes exceeded for role worker/),
  );
  const own = 'arn:aws:iam::123456789012:policy/absent';
  await assert.rejects(
    client.send(new iam.AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: own })),
    refused('NoSuchEntityException', 404, /does not exist or is not attachable/),
  );
  for (let n = 0; n < iamQuota.managedPoliciesPerRole; n++)
    await client.send(
      new iam.AttachRolePolicyCommand({
        RoleName: 'worker',
        PolicyArn: `arn:aws:iam::aws:policy/Unknown${n}`,
      }),
    );
  await assert.rejects(
    client.send(
      new iam.AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: 'arn:aws:iam::aws:policy/More' }),
    ),
    refused('LimitExceededException', 409, /PoliciesPerRole: 10/),
  );
  await assert.rejects(
    client.send(new iam.CreateUserCommand({ UserName: 'someone' })),
    refused('InvalidAction', 400, /Could not find operation CreateUser for version 2010-05-08/),
  );
  await assert.rejects(
    client.send(new iam.ListRolesCommand({ Marker: 'no marker of ours' })),
    refused('ValidationError', 400, /Invalid Marker/),
  );
});

test('roles in pages, by path', async (context) => {
  const { iam: client } = await serve(context);
  const names = Array.from({ length: 25 }, (_, n) => `role-${String(n).padStart(2, '0')}`);
  for (const RoleName of names.toReversed())
    await client.send(
      new iam.CreateRoleCommand({
        RoleName,
        Path: RoleName.endsWith('0') ? '/tens/' : '/',
        AssumeRolePolicyDocument: trust,
      }),
    );
  const pages: string[][] = [];
  for await (const page of iam.paginateListRoles({ client }, { MaxItems: 10 } as never))
    pages.push(page.Roles!.map(({ RoleName }) => RoleName!));
  assert.deepEqual(
    pages.map(({ length }) => length),
    [10, 10, 5],
  );
  assert.deepEqual(pages.flat(), names);
  const tens = await client.send(new iam.ListRolesCommand({ PathPrefix: '/tens/' }));
  assert.deepEqual(
    tens.Roles!.map(({ RoleName }) => RoleName),
    ['role-00', 'role-10', 'role-20'],
  );
  assert.equal(tens.IsTruncated, false);
});

test('managed policies of the account', async (context) => {
  const { iam: client, identity } = await serve(context);
  const { Policy } = await client.send(
    new iam.CreatePolicyCommand({ PolicyName: 'invoke', PolicyDocument: mayInvoke, Description: 'calls' }),
  );
  const PolicyArn = Policy!.Arn!;
  assert.equal(PolicyArn, `arn:aws:iam::${account}:policy/invoke`);
  await client.send(new iam.CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: trust }));
  await client.send(new iam.AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn }));
  assert.equal((await client.send(new iam.GetPolicyCommand({ PolicyArn }))).Policy!.AttachmentCount, 1);
  const version = await client.send(new iam.GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  assert.equal(decodeURIComponent(version.PolicyVersion!.Document!), mayInvoke);
  const session = identity.issue(`arn:aws:iam::${account}:role/worker`, 'f');
  const principal = {
    kind: 'assumed-role',
    accountId: account,
    arn: `arn:aws:sts::${account}:assumed-role/worker/f`,
    roleArn: `arn:aws:iam::${account}:role/worker`,
    sessionName: 'f',
  } as const;
  assert.ok(session.expiresAtMs > Date.now());
  const arn = `arn:aws:lambda:us-east-1:${account}:function:g`;
  assert.equal(identity.isAllowed(principal, 'lambda:InvokeFunction', arn), true);
  await assert.rejects(
    client.send(new iam.DeletePolicyCommand({ PolicyArn })),
    refused('DeleteConflictException', 409),
  );
  await client.send(new iam.DetachRolePolicyCommand({ RoleName: 'worker', PolicyArn }));
  assert.equal(identity.isAllowed(principal, 'lambda:InvokeFunction', arn), false);
  await client.send(new iam.DeletePolicyCommand({ PolicyArn }));
  await assert.rejects(
    client.send(new iam.GetPolicyCommand({ PolicyArn })),
    refused('NoSuchEntityException', 404),
  );
});

test('who am I, for the account and for a role, signed for any region of the global services', async (context) => {
  const { sts, identity, clients } = await serve(context);
  const mine = await sts.send(new GetCallerIdentityCommand({}));
  assert.deepEqual([mine.Account, mine.Arn, mine.UserId], [account, `arn:aws:iam::${account}:root`, account]);
  const session = identity.issue(`arn:aws:iam::${account}:role/unknown`, 'function-name');
  const theirs = await clients(session).sts.send(new GetCallerIdentityCommand({}));
  assert.equal(theirs.Arn, `arn:aws:sts::${account}:assumed-role/unknown/function-name`);
  assert.match(theirs.UserId!, /^AROATHAW[A-Z2-7]{13}:function-name$/);
});

test('a role may do with roles what its policies say, and no more', async (context) => {
  const { iam: client, identity, clients } = await serve(context);
  await client.send(new iam.CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: trust }));
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 'iam:Get*',
      Resource: `arn:aws:iam::${account}:role/reader`,
      Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
    },
  });
  await client.send(new iam.PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'p', PolicyDocument }));
  const own = clients(identity.issue(`arn:aws:iam::${account}:role/reader`, 'f')).iam;
  assert.equal((await own.send(new iam.GetRoleCommand({ RoleName: 'reader' }))).Role!.RoleName, 'reader');
  const message =
    /^User: arn:aws:sts::123456789012:assumed-role\/reader\/f is not authorized to perform: iam:/;
  for (const command of [
    new iam.GetRoleCommand({ RoleName: 'other' }),
    new iam.DeleteRoleCommand({ RoleName: 'reader' }),
    new iam.AttachRolePolicyCommand({
      RoleName: 'reader',
      PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    }),
  ] as iam.GetRoleCommand[])
    await assert.rejects(own.send(command), refused('AccessDenied', 403, message));
});

test('signatures that are not right', async (context) => {
  const { clients, identity } = await serve(context);
  const ask = (
    keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
    region?: string,
  ) => clients(keys, region).sts.send(new GetCallerIdentityCommand({}));
  const { accessKeyId, secretAccessKey } = identity.accountKeys;
  await assert.rejects(
    ask({ accessKeyId, secretAccessKey: 'x'.repeat(40) }),
    refused('SignatureDoesNotMatch', 403),
  );
  await assert.rejects(
    ask({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey }),
    refused('InvalidClientTokenId', 403),
  );
  await assert.rejects(
    ask({ accessKeyId, secretAccessKey, sessionToken: 'x' }),
    refused('InvalidClientTokenId', 403),
  );
  await assert.rejects(
    ask({ accessKeyId, secretAccessKey }, 'eu-west-1'),
    refused('SignatureDoesNotMatch', 403, /valid region/),
  );
});

test('requests no client sends: unsigned, or too large', async (context) => {
  const identity: Identity = openIdentity(context, temporaryDirectory(context));
  const api = new IamApi(identity);
  const answer = (body: Buffer) =>
    api.answer({
      requestId: 'r',
      method: 'POST',
      rawUrl: '/',
      headers: {},
      body,
      nowMs: Date.now(),
      conditions: {},
    });
  assert.match(
    (await answer(Buffer.from('Action=ListRoles'))).body,
    /<Code>MissingAuthenticationToken<\/Code>/,
  );
  assert.equal((await answer(Buffer.alloc(iamQuota.requestBytes + 1))).status, 413);
  assert.equal(api.handles({ rawUrl: '/', headers: {} }), false);
});
