import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import type { FunctionUrlCors } from '../../catalog/function-urls.ts';
import { maxEventBytes } from '../../domain/limits.ts';
import { ServiceError } from '../../domain/service-error.ts';
import { NodeSha256 } from '../../sigv4/testing/node-sha256.ts';
import { hostOf, invokingServer, publicStatements, urlId } from '../testing/invoking-server.ts';

const answer = (value: unknown) => ({ payload: Buffer.from(JSON.stringify(value)) });
const forbidden = {
  status: 403,
  body: '{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}',
};

async function publicUrl(
  t: Parameters<typeof invokingServer>[0],
  script: Parameters<typeof invokingServer>[1],
) {
  const server = await invokingServer(t, script);
  server.addUrl();
  server.allow(...publicStatements);
  return server;
}

test('a request becomes an event of format 2.0', async (t) => {
  const { send, scheduler } = await publicUrl(t, () => answer('ok'));
  const { status, body, headers } = await send({
    method: 'POST',
    path: '/a%20b/c?x=1&x=2&y=%C3%A4&z',
    headers: {
      'X-One': ['1', '2'],
      Cookie: 'a=1; b=2',
      'Content-Type': 'application/json',
      'User-Agent': 'me',
    },
    body: '{"ä":1}',
  });
  assert.deepEqual([status, body, headers['content-type']], [200, 'ok', 'application/json']);
  const event = JSON.parse(String(scheduler.invocations[0]?.payload));
  const { requestId, time, timeEpoch } = event.requestContext;
  assert.equal(requestId, headers['x-amzn-requestid']);
  assert.equal(requestId, scheduler.invocations[0]?.requestId);
  assert.match(time, /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  assert.ok(Math.abs(timeEpoch - Date.now()) < 60_000);
  const { 'x-forwarded-port': port, 'x-amzn-trace-id': trace, connection, ...sent } = event.headers;
  assert.equal(trace, scheduler.invocations[0]?.traceId);
  assert.equal(connection, undefined);
  assert.deepEqual(
    {
      ...event,
      headers: sent,
      requestContext: { ...event.requestContext, requestId: 0, time: 0, timeEpoch: 0 },
    },
    {
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a%20b/c',
      rawQueryString: 'x=1&x=2&y=%C3%A4&z',
      cookies: ['a=1', 'b=2'],
      headers: {
        host: hostOf(urlId),
        'x-one': '1,2',
        cookie: 'a=1; b=2',
        'content-type': 'application/json',
        'content-length': '8',
        'user-agent': 'me',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { x: '1,2', y: 'ä', z: '' },
      requestContext: {
        accountId: 'anonymous',
        apiId: urlId,
        domainName: hostOf(urlId),
        domainPrefix: urlId,
        http: {
          method: 'POST',
          path: '/a b/c',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'me',
        },
        requestId: 0,
        routeKey: '$default',
        stage: '$default',
        time: 0,
        timeEpoch: 0,
      },
      body: '{"ä":1}',
      isBase64Encoded: false,
    },
  );
  assert.match(port, /^\d+$/);
});

for (const [contentType, body, encoded] of [
  ['application/octet-stream', Buffer.from([0, 255]), true],
  ['application/x-www-form-urlencoded', 'a=1', true],
  ['text/plain; charset=utf-8', 'ä', false],
  ['application/problem+json', '{}', false],
  ['text/plain', Buffer.from([0xff]), true],
] as const)
  test(`a body of ${contentType} is ${encoded ? '' : 'not '}encoded`, async (t) => {
    const { send, scheduler } = await publicUrl(t, () => answer('ok'));
    await send({ method: 'PUT', headers: { 'content-type': contentType }, body });
    const event = JSON.parse(String(scheduler.invocations[0]?.payload));
    assert.equal(event.isBase64Encoded, encoded);
    assert.deepEqual(Buffer.from(event.body, encoded ? 'base64' : 'utf8'), Buffer.from(body));
  });

test('what the function says of the response is what is sent', async (t) => {
  const { send } = await publicUrl(t, () =>
    answer({ statusCode: 201, headers: { 'X-A': 'b' }, cookies: ['a=1', 'b=2'], body: 'made' }),
  );
  const { status, headers, body } = await send();
  assert.deepEqual([status, headers['x-a'], headers['set-cookie'], body], [201, 'b', ['a=1', 'b=2'], 'made']);
});

for (const [name, result] of [
  ['an error of the function', { outcome: 'function-error', payload: Buffer.from('{"errorType":"E"}') }],
  ['an answer that is no response', answer({ statusCode: 'what' })],
] as const)
  test(`${name} is a 502 without its words`, async (t) => {
    const { send } = await publicUrl(t, () => result);
    const { status, body } = await send();
    assert.deepEqual([status, body], [502, 'Internal Server Error']);
  });

test('an answer that is no response is told in a line that names the function', async (t) => {
  const { send, errors } = await publicUrl(t, () => answer({ statusCode: 99 }));
  assert.equal((await send()).status, 502);
  assert.deepEqual(errors, [
    'the answer of function greeter to its URL is no HTTP response: statusCode is 99, not a number from 200 to 599',
  ]);
});

test('under a foreign domain a URL is not reached, however right its beginning is', async (t) => {
  const { send, scheduler } = await publicUrl(t, () => answer('ok'));
  for (const domain of ['evil.example', 'localhost.evil.example', 'us-east-1.evil.example'])
    assert.equal((await send({ host: `${urlId}.lambda-url.us-east-1.${domain}` })).status, 403);
  assert.equal(scheduler.invocations.length, 0);
  assert.equal((await send({ host: `${hostOf(urlId)}:4574` })).status, 200);
});

test('refusals: no such URL, too much, throttled', async (t) => {
  const { send, scheduler } = await publicUrl(t, () => answer('ok'));
  assert.equal((await send({ host: hostOf('b'.repeat(32)) })).status, 404);
  const large = await send({ method: 'POST', body: Buffer.alloc(maxEventBytes + 1) });
  assert.deepEqual([large.status, JSON.parse(large.body).Message], [413, tooLargeText]);
  // What fits as a body may be too much as an event.
  assert.equal((await send({ method: 'POST', body: Buffer.alloc(maxEventBytes - 10) })).status, 413);
  scheduler.invoke = async () => {
    throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 'ConcurrentInvocationLimitExceeded');
  };
  const throttled = await send();
  assert.deepEqual(
    [throttled.status, JSON.parse(throttled.body)],
    [429, { Reason: 'ConcurrentInvocationLimitExceeded', Message: 'Rate Exceeded.' }],
  );
});

const tooLargeText = `Request must be smaller than ${maxEventBytes} bytes for the InvokeFunction operation`;

test('without a signature only the policy lets in, and it has to allow both actions', async (t) => {
  const { send, addUrl, allow, scheduler } = await invokingServer(t, () => answer('ok'));
  addUrl();
  const sent = async () => {
    const { status, body } = await send();
    return { status, body };
  };
  assert.deepEqual(await sent(), forbidden);
  const [url, invoke] = publicStatements as [object, object];
  for (const statement of [url, invoke]) {
    allow(statement);
    assert.deepEqual(await sent(), forbidden);
  }
  allow(url, invoke);
  assert.deepEqual(await sent(), { status: 200, body: 'ok' });
  addUrl({ authType: 'AWS_IAM' });
  assert.deepEqual(await sent(), forbidden);
  assert.equal(scheduler.invocations.length, 1);
});

test('a signed request is let in by what its sender may, and names it', async (t) => {
  const { send, addUrl, allow, identity, scheduler } = await invokingServer(t, () => answer('ok'));
  addUrl({ authType: 'AWS_IAM' });
  const signedBy = async (credentials: {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
  }) => {
    const signer = new SignatureV4({
      service: 'lambda',
      region: 'us-east-1',
      credentials,
      sha256: NodeSha256,
    });
    const signed = await signer.sign({
      method: 'GET',
      protocol: 'http:',
      hostname: hostOf(urlId),
      path: '/',
      query: {},
      headers: { host: hostOf(urlId) },
    });
    return signed.headers;
  };
  const headers = await signedBy(identity.accountKeys);
  assert.equal((await send({ headers })).status, 200);
  const event = JSON.parse(String(scheduler.invocations[0]?.payload));
  assert.equal(event.requestContext.accountId, '123456789012');
  assert.equal(event.requestContext.authorizer.iam.userArn, 'arn:aws:iam::123456789012:root');
  assert.equal(event.requestContext.authorizer.iam.accessKey, identity.accountKeys.accessKeyId);
  assert.equal(event.headers.authorization, undefined);
  const broken = await send({ path: '/other', headers });
  assert.equal(broken.status, 403);
  assert.match(broken.body, /signature/i);
  const session = identity.issue('arn:aws:iam::123456789012:role/unknown', 'session');
  const denied = await send({ headers: await signedBy(session) });
  assert.deepEqual({ status: denied.status, body: denied.body }, forbidden);
  assert.equal(scheduler.invocations.length, 1);
  allow({ Action: 'lambda:InvokeFunctionUrl' }, { Action: 'lambda:InvokeFunction' });
  assert.equal((await send({ headers: await signedBy(session) })).status, 200);
  const { userId } = JSON.parse(String(scheduler.invocations[1]?.payload)).requestContext.authorizer.iam;
  // As GetCallerIdentity names the same session.
  assert.match(userId, /^AROA[A-Z0-9]{17}:session$/);
});

test('the URL of an alias invokes the alias', async (t) => {
  const { send, catalog, scheduler, addUrl } = await publicUrl(t, () => answer('ok'));
  addUrl();
  const url = catalog.urls.get('greeter')!;
  catalog.urls.delete('greeter');
  catalog.aliases.put('greeter', {
    AliasArn: '',
    Name: 'live',
    FunctionVersion: '$LATEST',
    Description: '',
    RevisionId: '1',
  });
  catalog.urls.put('greeter', url, 'live');
  const Resource = 'arn:aws:lambda:us-east-1:123456789012:function:greeter:live';
  const statements = publicStatements.map((statement, index) => ({
    Sid: `${index}`,
    Effect: 'Allow' as const,
    Principal: '*' as const,
    Action: '',
    ...statement,
    Resource,
  }));
  catalog.policies.put('greeter', { revisionId: '1', statements }, 'live');
  assert.equal((await send()).status, 200);
  assert.equal(scheduler.invocations[0]?.invokedFunctionArn, Resource);
});

test('CORS is answered by the URL', async (t) => {
  const { send, addUrl, scheduler } = await publicUrl(t, () =>
    answer({
      statusCode: 200,
      headers: { 'Access-Control-Allow-Origin': 'https://of.the.function' },
      body: '',
    }),
  );
  const cors: FunctionUrlCors = {
    AllowOrigins: ['https://app.example.com'],
    AllowMethods: ['GET', 'PUT'],
    AllowHeaders: ['*'],
    ExposeHeaders: ['x-a'],
    AllowCredentials: true,
    MaxAge: 300,
  };
  addUrl({ cors });
  const origin = 'https://app.example.com';
  const preflight = (from: string) =>
    send({
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'x-b',
      },
    });
  const allowed = await preflight(origin);
  assert.equal(scheduler.invocations.length, 0);
  assert.deepEqual(ofCors(allowed.headers), {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET,PUT',
    'access-control-allow-headers': 'x-b',
    'access-control-max-age': '300',
  });
  assert.deepEqual(ofCors((await preflight('https://other.example.com')).headers), {});
  assert.deepEqual(ofCors((await send({ headers: { origin } })).headers), {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'x-a',
  });
  addUrl({ cors: { AllowOrigins: ['*'] } });
  assert.deepEqual(ofCors((await send({ headers: { origin } })).headers), {
    'access-control-allow-origin': '*',
  });
});

function ofCors(headers: object): object {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));
}

const integration = 'application/vnd.awslambda.http-integration-response';
const prelude = Buffer.concat([
  Buffer.from('{"statusCode":202,"headers":{"X-A":"b"},"cookies":["a=1"]}'),
  Buffer.alloc(8),
]);

test('a streamed response is sent as it comes, behind its prelude', async (t) => {
  const stream = new PassThrough();
  const done = Promise.withResolvers<{ streamed: true; payload: Buffer }>();
  const { addUrl, port } = await publicUrl(t, ({ onStream }) => {
    onStream?.({ contentType: integration, body: stream });
    return done.promise;
  });
  addUrl({ invokeMode: 'RESPONSE_STREAM' });
  stream.write(prelude.subarray(0, 20));
  stream.write(prelude.subarray(20));
  const [res] = (await once(
    request({ host: '127.0.0.1', port, agent: false, headers: { host: hostOf(urlId) } }).end(),
    'response',
  )) as [IncomingMessage];
  assert.deepEqual([res.statusCode, res.headers['x-a'], res.headers['set-cookie']], [202, 'b', ['a=1']]);
  for (const word of ['one', 'two']) {
    stream.write(word);
    const [chunk] = await once(res, 'data');
    assert.equal(String(chunk), word);
  }
  stream.end();
  done.resolve({ streamed: true, payload: Buffer.alloc(0) });
  await once(res, 'end');
  assert.ok(res.complete);
});

test('a stream that fails does not look whole; a caller that goes away ends only the reading', async (t) => {
  const { addUrl, send, port } = await publicUrl(t, ({ onStream }) => {
    stream = new PassThrough();
    onStream?.({ contentType: 'text/plain', body: stream });
    return done.promise;
  });
  let stream = new PassThrough();
  let done = Promise.withResolvers<{ outcome?: 'function-error'; streamed: true; payload: Buffer }>();
  addUrl({ invokeMode: 'RESPONSE_STREAM' });
  const cut = send();
  done.resolve({ outcome: 'function-error', streamed: true, payload: Buffer.from('{}') });
  const failing = assert.rejects(cut);
  while (stream.listenerCount('readable') === 0) await new Promise(setImmediate);
  stream.end('half');
  await failing;

  done = Promise.withResolvers();
  const req = request({ host: '127.0.0.1', port, agent: false, headers: { host: hostOf(urlId) } }).end();
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  res.on('error', () => {});
  req.destroy();
  await once(stream, 'close');
  done.resolve({ streamed: true, payload: Buffer.alloc(0) });
});

test('what is not streamed is sent whole, as it is', async (t) => {
  const returned = { statusCode: 201, body: 'x' };
  const { addUrl, send } = await publicUrl(t, () => answer(returned));
  addUrl({ invokeMode: 'RESPONSE_STREAM' });
  const { status, body, headers } = await send();
  assert.deepEqual([status, JSON.parse(body), headers['content-type']], [200, returned, 'application/json']);
});

test('a streaming function behind a buffered URL', async (t) => {
  const { send } = await publicUrl(t, () => ({
    payload: Buffer.concat([prelude, Buffer.from('body')]),
    contentType: integration,
    streamed: true,
  }));
  const { status, body, headers } = await send();
  assert.deepEqual([status, body, headers['x-a']], [202, 'body', 'b']);
});
