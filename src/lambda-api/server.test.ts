import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ServiceError } from '../domain/service-error.ts';
import type { PolicyDocument } from '../iam/policy/document.ts';
import type { Operation } from './operation.ts';
import { rawRequest } from './testing/raw-request.ts';
import { signedFetch } from './testing/signed-fetch.ts';
import { type StartedServer, startServer } from './testing/started-server.ts';

const account = 'arn:aws:lambda:us-east-1:123456789012';
const invocations = '/2015-03-31/functions/hello/invocations';

const operations: readonly Operation[] = [
  {
    name: 'Invoke',
    authorise: ({ FunctionName }) => ({
      action: 'lambda:InvokeFunction',
      resource: `${account}:function:${FunctionName}`,
    }),
    run: ({ Payload, FunctionName }) => {
      if (FunctionName === 'broken') throw new Error('a secret cause');
      if (FunctionName === 'missing')
        throw new ServiceError(
          'ResourceNotFoundException',
          `Function not found: ${account}:function:missing`,
        );
      return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload };
    },
  },
  { name: 'ListFunctions', authorise: 'none', run: () => ({ Functions: [] }) },
  { name: 'DeleteAlias', authorise: 'none', run: () => undefined },
  { name: 'GetPolicy', authorise: 'none', run: () => ({ Policy: 7 }) },
];

const policies: Record<string, PolicyDocument> = {};
let started: StartedServer;
const fetchSigned = (...rest: [string, string, (string | Buffer)?, object?]) => signedFetch(started, ...rest);

before(async () => {
  started = await startServer(operations, { resourcePolicy: (arn) => policies[arn] });
});
after(() => started.close());

describe('LambdaApiServer', { timeout: 240_000 }, () => {
  it('answers an operation, each answer with an ID of its own', async () => {
    const answers = [
      await fetchSigned('POST', invocations, '{"a":1}'),
      await fetchSigned('POST', invocations),
    ];
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body]),
      [
        [200, '{"a":1}'],
        [200, ''],
      ],
    );
    const ids = answers.map(({ headers }) => String(headers['x-amzn-requestid']));
    for (const id of ids)
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(ids[0], ids[1]);
    assert.equal(answers[0]?.headers['x-amz-executed-version'], '$LATEST');
  });

  it('answers nothing where the model says so', async () => {
    const { status, body, headers } = await fetchSigned('DELETE', '/2015-03-31/functions/f/aliases/live');
    assert.deepEqual([status, body, headers['content-length']], [204, '', undefined]);
  });

  it('refuses who does not sign, before it looks at what is asked', async () => {
    const answer = await rawRequest(
      started.port,
      `GET ${invocations.slice(0, 21)}?MaxItems=x HTTP/1.0\r\nHost: localhost\r\n\r\n`,
    );
    assert.deepEqual(
      [answer.status, answer.headers['x-amzn-errortype'], answer.body],
      [403, 'MissingAuthenticationTokenException', '{"message":"Missing Authentication Token"}'],
    );
  });

  it('validates, and names an unknown or unimplemented operation', async () => {
    const table: [method: string, path: string, status: number, type: string, message: RegExp][] = [
      [
        'GET',
        '/2015-03-31/functions?MaxItems=0',
        400,
        'ValidationException',
        /^1 validation error detected: Value '0' at 'maxItems'/,
      ],
      ['GET', '/2015-03-31/functions?MaxItems=x', 400, 'SerializationException', /MaxItems/],
      [
        'GET',
        '/2015-03-31/functions/f',
        400,
        'NotImplementedException',
        /GetFunction .*docs\/compatibility\.md/,
      ],
      ['GET', '/2015-03-31/nothing', 404, 'UnknownOperationException', /GET \/2015-03-31\/nothing/],
      ['PATCH', '/2015-03-31/functions', 404, 'UnknownOperationException', /PATCH/],
    ];
    for (const [method, path, status, type, message] of table) {
      const answer = await fetchSigned(method, path);
      assert.deepEqual([answer.status, answer.headers['x-amzn-errortype']], [status, type], path);
      assert.match(JSON.parse(answer.body).message, message);
    }
  });

  it('tells clients of other services whom they reached', async () => {
    const answer = await fetchSigned('POST', '/', '{}', { service: 'dynamodb' });
    assert.deepEqual([answer.status, answer.headers['x-amzn-errortype']], [404, 'UnknownOperationException']);
    assert.match(JSON.parse(answer.body).message, /signed for dynamodb.*AWS_ENDPOINT_URL/);
  });

  it('answers refusals of operations, and tells nothing of its own faults', async () => {
    const missing = await fetchSigned('POST', invocations.replace('hello', 'missing'));
    assert.deepEqual(
      [missing.status, missing.body],
      [404, `{"Type":"User","Message":"Function not found: ${account}:function:missing"}`],
    );
    const broken = await fetchSigned('POST', invocations.replace('hello', 'broken'));
    assert.deepEqual([broken.status, broken.headers['x-amzn-errortype']], [500, 'ServiceException']);
    assert.doesNotMatch(broken.body, /secret cause/);
    assert.ok(broken.body.includes(String(broken.headers['x-amzn-requestid'])));
    assert.equal((await fetchSigned('GET', '/2015-03-31/functions/f/policy')).status, 500);
    assert.match(String(started.errors.splice(0)), /secret cause.*gave a number for String/s);
  });

  it('asks the policies of caller and resource', async () => {
    const credentials = started.identity.issue('arn:aws:iam::123456789012:role/r', 's');
    const denied = await fetchSigned('POST', invocations, '', { credentials });
    assert.deepEqual(
      [denied.status, denied.headers['x-amzn-errortype'], JSON.parse(denied.body).Message],
      [
        403,
        'AccessDeniedException',
        `User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: lambda:InvokeFunction on resource: ${account}:function:hello because no identity-based policy allows the lambda:InvokeFunction action`,
      ],
    );
    policies[`${account}:function:hello`] = {
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::123456789012:role/r' },
        Action: 'lambda:InvokeFunction',
        Resource: `${account}:function:hello`,
        Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
      },
    };
    assert.equal((await fetchSigned('POST', invocations, '', { credentials })).status, 200);
    policies[`${account}:function:hello`] = {
      Statement: { Effect: 'Deny', Principal: '*', Action: 'lambda:*', Resource: '*' },
    };
    const forbidden = await fetchSigned('POST', invocations, '', { credentials });
    assert.match(JSON.parse(forbidden.body).Message, /function:hello with an explicit deny$/);
    delete policies[`${account}:function:hello`];
  });
});
