import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Principal } from '../domain/principal.ts';
import type { SignedRequest } from '../sigv4/signed-request.ts';
import { NodeSha256 } from '../sigv4/testing/node-sha256.ts';
import { AuthenticationError } from './authentication-error.ts';
import type { PolicyDocument } from './policy/document.ts';
import { openIdentity, temporaryDirectory } from './testing/opened-identity.ts';

const startMs = Date.UTC(2026, 0, 31, 12);
const hourMs = 3_600_000;
const roleArn = 'arn:aws:iam::123456789012:role/team/worker';
const worker: Principal = {
  kind: 'assumed-role',
  accountId: '123456789012',
  arn: 'arn:aws:sts::123456789012:assumed-role/worker/hello',
  roleArn,
  sessionName: 'hello',
};
const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:hello';

type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

async function signed(
  keys: Keys,
  options: { atMs?: number; service?: string; expiresS?: number; headers?: Record<string, string> } = {},
): Promise<SignedRequest> {
  const { atMs = startMs, service = 'lambda', expiresS } = options;
  const body = '{"key":"value"}';
  const signer = new SignatureV4({ service, region: 'us-east-1', credentials: keys, sha256: NodeSha256 });
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: '/2015-03-31/functions/hello/invocations',
    headers: { host: '127.0.0.1:4574', ...options.headers },
    body,
  };
  const signingDate = new Date(atMs);
  const made = await (expiresS === undefined
    ? signer.sign(request, { signingDate })
    : signer.presign(request, { signingDate, expiresIn: expiresS }));
  const query = new URLSearchParams(made.query as Record<string, string>).toString();
  return {
    method: 'POST',
    rawUrl: made.path + (query && `?${query}`),
    headers: made.headers,
    bodySha256: hash('sha256', body),
    nowMs: atMs,
  };
}

function refusedAs(type: string, message: RegExp) {
  return (error: unknown) =>
    error instanceof AuthenticationError && error.type === type && message.test(error.message);
}

test('the keys of the account, and nobody else', async (context) => {
  const identity = openIdentity(context, temporaryDirectory(context), () => startMs);
  const arn = 'arn:aws:iam::123456789012:root';
  assert.deepEqual(identity.authenticate(await signed(identity.accountKeys)), {
    kind: 'account',
    accountId: '123456789012',
    arn,
  });
  const other = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: identity.accountKeys.secretAccessKey,
  };
  const invalid = refusedAs(
    'UnrecognizedClientException',
    /^The security token included in the request is invalid\.$/,
  );
  const attempts = [other, { ...identity.accountKeys, sessionToken: 'x' }];
  for (const keys of attempts) {
    const request = await signed(keys);
    assert.throws(() => identity.authenticate(request), invalid);
  }
  const wrong = await signed({ ...identity.accountKeys, secretAccessKey: 'x'.repeat(40) });
  assert.throws(() => identity.authenticate(wrong), refusedAs('InvalidSignatureException', /does not match/));
  assert.throws(
    () => identity.authenticate({ ...wrong, headers: { host: '127.0.0.1' } }),
    refusedAs('MissingAuthenticationTokenException', /^Missing Authentication Token$/),
  );
});

test('a signature for another service opens nothing, even a known one', async (context) => {
  const identity = openIdentity(context, temporaryDirectory(context), () => startMs);
  const request = await signed(identity.accountKeys, { service: 'iam' });
  assert.throws(
    () => identity.authenticate(request),
    refusedAs('InvalidSignatureException', /correct service: one of 'lambda', not 'iam'/),
  );
  assert.equal(identity.authenticate(request, ['iam', 'sts']).kind, 'account');
});

test('temporary credentials hold 12 hours, after a restart too, in headers and in URLs', async (context) => {
  const directory = temporaryDirectory(context);
  const issued = openIdentity(context, directory, () => startMs).issue(roleArn, 'hello');
  assert.equal(issued.expiresAtMs, startMs + 12 * hourMs);
  const identity = openIdentity(context, directory, () => startMs);
  const lastMs = startMs + 12 * hourMs - 1000;
  for (const options of [{ atMs: startMs }, { atMs: lastMs }, { atMs: lastMs, expiresS: 60 }])
    assert.deepEqual(identity.authenticate(await signed(issued, options)), worker);
  const late = await signed(issued, { atMs: startMs + 12 * hourMs });
  assert.throws(
    () => identity.authenticate(late),
    refusedAs('ExpiredTokenException', /^The security token included in the request is expired$/),
  );
  const url = await signed(issued, { atMs: lastMs, expiresS: 3600 });
  assert.throws(
    () => identity.authenticate({ ...url, nowMs: lastMs + 2000 }),
    refusedAs('ExpiredTokenException', /expired/),
  );
  const { sessionToken: _, ...bare } = issued;
  const tokenless = await signed(bare);
  assert.throws(() => identity.authenticate(tokenless), refusedAs('UnrecognizedClientException', /invalid/));
  const otherHome = openIdentity(context, temporaryDirectory(context), () => startMs);
  const request = await signed(issued);
  assert.throws(() => otherHome.authenticate(request), refusedAs('UnrecognizedClientException', /invalid/));
});

test('credentials are for a role and a session that can be', (context) => {
  const identity = openIdentity(context, temporaryDirectory(context));
  for (const [role, session] of [
    ['worker', 'f'],
    [roleArn, ''],
    [roleArn, 'a/b'],
    [`${roleArn}/`, 'f'],
  ] as const)
    assert.throws(() => identity.issue(role, session), /No credentials can be made/);
});

test('a role may do what its policies and those of the resource say, from the next request on', (context) => {
  const directory = temporaryDirectory(context);
  const identity = openIdentity(context, directory, () => startMs);
  const mayInvoke = (principal: Principal = worker, resourcePolicy?: PolicyDocument) =>
    identity.isAllowed(principal, 'lambda:InvokeFunction', functionArn, {}, resourcePolicy);
  const open: PolicyDocument = {
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: roleArn },
      Action: 'lambda:InvokeFunction',
      Resource: functionArn,
    },
  };
  assert.equal(mayInvoke(), false);
  assert.equal(mayInvoke(worker, open), true);
  assert.equal(mayInvoke({ kind: 'anonymous' }, open), false);
  assert.equal(
    mayInvoke({ kind: 'account', accountId: '123456789012', arn: 'arn:aws:iam::123456789012:root' }),
    true,
  );
  identity.roles.create({
    name: 'worker',
    path: '/team/',
    trustPolicy: trustOf('lambda.amazonaws.com'),
    maxSessionS: 3600,
    tags: [{ Key: 'team', Value: 'red' }],
  });
  identity.attachments.attach('worker', 'arn:aws:iam::aws:policy/service-role/AWSLambdaRole');
  assert.equal(mayInvoke(), true);
  assert.equal(
    openIdentity(context, directory).isAllowed(worker, 'lambda:InvokeFunction', functionArn),
    true,
  );
  const tagged = {
    Effect: 'Deny',
    Action: 'lambda:*',
    Resource: '*',
    Condition: {
      StringEquals: { 'aws:PrincipalTag/team': 'red', 'aws:RequestedRegion': 'us-east-1' },
      ArnEquals: { 'aws:PrincipalArn': roleArn },
      DateLessThan: { 'aws:CurrentTime': '2026-02-01T00:00:00Z' },
    },
  };
  identity.rolePolicies.put('worker', 'deny', JSON.stringify({ Statement: tagged }));
  assert.equal(mayInvoke(worker, open), false);
  const misleading = {
    'AWS:PrincipalArn': 'arn:aws:iam::123456789012:role/other',
    'aws:currenttime': '2027-01-01T00:00:00Z',
  };
  assert.equal(identity.isAllowed(worker, 'lambda:InvokeFunction', functionArn, misleading), false);
  identity.rolePolicies.delete('worker', 'deny');
  assert.equal(mayInvoke(), true);
  identity.attachments.detach('worker', 'arn:aws:iam::aws:policy/service-role/AWSLambdaRole');
  identity.attachments.attach('worker', 'arn:aws:iam::aws:policy/NotKnownHere');
  assert.equal(mayInvoke(), false);
});

test('who may take a role on', (context) => {
  const identity = openIdentity(context, temporaryDirectory(context));
  const role = { path: '/', maxSessionS: 3600, tags: [] };
  identity.roles.create({ ...role, name: 'ours', trustPolicy: trustOf('lambda.amazonaws.com') });
  identity.roles.create({ ...role, name: 'theirs', trustPolicy: trustOf('ec2.amazonaws.com') });
  const can = (name: string) =>
    identity.canBeAssumedBy(`arn:aws:iam::123456789012:role/${name}`, 'lambda.amazonaws.com');
  assert.deepEqual([can('ours'), can('theirs'), can('unknown')], [true, false, true]);
});

test('a body signed in chunks', async (context) => {
  const identity = openIdentity(context, temporaryDirectory(context), () => startMs);
  const streaming = { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' };
  const request = await signed(identity.accountKeys, { headers: streaming });
  const seed = request.headers.authorization!.slice(-64);
  const body = await chunks(identity.accountKeys, seed, ['{"key":', '"value"}', '']);
  const opened = identity.authenticateChunked(request, body);
  assert.deepEqual([opened.principal.kind, opened.body.toString()], ['account', '{"key":"value"}']);
  const changed = Buffer.from(body.toString().replace('value', 'other'));
  const mismatch = refusedAs('InvalidSignatureException', /does not match/);
  assert.throws(() => identity.authenticateChunked(request, changed), mismatch);
  assert.throws(
    () => identity.authenticate(request),
    refusedAs('IncompleteSignatureException', /needs a body with "Content-Encoding: aws-chunked"/),
  );
  const whole = await signed(identity.accountKeys);
  assert.throws(() => identity.authenticateChunked(whole, body), refusedAs('InvalidSignatureException', /./));
});

/** Each chunk signed with the signer of the SDKs, by the documented rule. */
async function chunks(keys: Keys, seed: string, contents: readonly string[]): Promise<Buffer> {
  const signer = new SignatureV4({
    service: 'lambda',
    region: 'us-east-1',
    credentials: keys,
    sha256: NodeSha256,
  });
  const signingDate = new Date(startMs);
  let previous = seed;
  let body = '';
  for (const content of contents) {
    const scope = '20260131/us-east-1/lambda/aws4_request';
    const parts = [
      'AWS4-HMAC-SHA256-PAYLOAD',
      '20260131T120000Z',
      scope,
      previous,
      hash('sha256', ''),
      hash('sha256', content),
    ];
    previous = await signer.sign(parts.join('\n'), { signingDate });
    body += `${content.length.toString(16)};chunk-signature=${previous}\r\n${content}\r\n`;
  }
  return Buffer.from(body);
}

test('the secrets are in the file of the keys alone', (context) => {
  const directory = temporaryDirectory(context);
  const identity = openIdentity(context, directory);
  const { secretAccessKey, sessionToken } = identity.issue(roleArn, 'hello');
  const secrets = [identity.accountKeys.secretAccessKey, secretAccessKey, sessionToken];
  for (const name of ['thaw.db', 'thaw.db-wal'])
    for (const secret of secrets) assert.ok(!readFileSync(join(directory, name), 'latin1').includes(secret));
});

test('what a verification costs', async (context) => {
  const identity = openIdentity(context, temporaryDirectory(context), () => startMs);
  const session = await signed(identity.issue(roleArn, 'hello'));
  const requests = { account: await signed(identity.accountKeys), session };
  for (const [name, request] of Object.entries(requests)) {
    const batchesUs = Array.from({ length: 40 }, () => {
      const beganMs = performance.now();
      for (let n = 0; n < 100; n++) assert.ok(identity.authenticate(request));
      return (performance.now() - beganMs) * 10;
    }).sort((a, b) => a - b);
    const eachUs = batchesUs[10]!;
    context.diagnostic(`${name}: ${eachUs.toFixed(1)} µs`);
  }
});

function trustOf(Service: string): string {
  return JSON.stringify({ Statement: { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' } });
}
