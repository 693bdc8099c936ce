import assert from 'node:assert/strict';
import { createHmac, hash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { Agent, request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import {
  maxApiRequestBytes,
  maxAsyncEventBytes,
  maxEventBytes,
  maxUploadRequestBytes,
} from '../domain/limits.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { PolicyDocument } from '../iam/policy/document.ts';
import type { Operation } from './operation.ts';
import { rawRequest } from './testing/raw-request.ts';
import { signedFetch, signedHeaders } from './testing/signed-fetch.ts';
import { type StartedServer, startServer } from './testing/started-server.ts';

const account = 'arn:aws:lambda:us-east-1:123456789012';
const invocations = '/2015-03-31/functions/hello/invocations';
/** What operations below tell of their calls. */
const calls = new EventEmitter();

const operations: readonly Operation[] = [
  {
    name: 'Invoke',
    authorise: ({ FunctionName }) => ({
      action: 'lambda:InvokeFunction',
      resource: `${account}:function:${FunctionName}`,
    }),
    run: async ({ Payload, FunctionName }, { requestId, signal }) => {
      if (FunctionName === 'broken') throw new Error('a secret cause');
      if (FunctionName === 'missing')
        throw new ServiceError(
          'ResourceNotFoundException',
          `Function not found: ${account}:function:missing`,
        );
      if (FunctionName === 'waiting') {
        signal.addEventListener('abort', () => calls.emit('aborted', requestId));
        calls.emit('waiting', requestId);
        await once(calls, 'go on');
      }
      return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload };
    },
  },
  { name: 'ListFunctions', authorise: 'none', run: () => ({ Functions: [] }) },
  { name: 'CreateFunction', authorise: 'none', run: ({ Code }) => ({ CodeSize: Code.ZipFile.length }) },
  {
    name: 'InvokeWithResponseStream',
    authorise: 'none',
    run: () => ({ EventStream: endless() }),
  },
  { name: 'DeleteAlias', authorise: 'none', run: () => undefined },
  { name: 'GetPolicy', authorise: 'none', run: () => ({ Policy: 7 }) },
];

async function* endless(): AsyncGenerator<object> {
  try {
    for (;;) yield { PayloadChunk: { Payload: Buffer.alloc(1000) } };
  } finally {
    calls.emit('released');
  }
}

/** Each chunk with its signature, which covers the one before it ("Signature calculations … chunked upload"). */
function signedChunks(secret: string, signed: Record<string, string>, chunks: readonly string[]): string {
  const [, scope = '', first = ''] =
    /Credential=[^/]+\/(\S+),.*Signature=(\w+)/.exec(signed.authorization ?? '') ?? [];
  const key = scope
    .split('/')
    .reduce<string | Buffer>((by, part) => createHmac('sha256', by).update(part).digest(), `AWS4${secret}`);
  let previous = first;
  return chunks
    .map((chunk) => {
      const head = ['AWS4-HMAC-SHA256-PAYLOAD', signed['x-amz-date'], scope, previous];
      const text = [...head, hash('sha256', ''), hash('sha256', chunk)].join('\n');
      previous = createHmac('sha256', key).update(text).digest('hex');
      return `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${chunk}\r\n`;
    })
    .join('');
}

let started: StartedServer;
const fetchSigned = (...rest: [string, string, (string | Buffer)?, object?]) => signedFetch(started, ...rest);

const policies: Record<string, PolicyDocument> = {};
before(async () => {
  started = await startServer(operations, {
    resourcePolicy: (arn) => policies[arn],
    hostNames: ['thaw.example'],
    routes: {
      '/healthz': (_req, res) => void res.end('well'),
      '/files/': (req, res) => void res.end(req.url),
    },
    functionUrls: {
      handles: (host) => host.endsWith('.lambda-url.us-east-1.localhost'),
      serve: (req, res) => void res.end(`url ${req.headers.host}`),
    },
    queryApi: {
      handles: ({ headers }) => headers.authorization?.includes('/iam/') ?? false,
      answer: ({ body, requestId, conditions }) => ({
        status: 200,
        headers: { 'Content-Type': 'text/xml', 'x-amzn-requestid': requestId },
        body: `<a>${body}${conditions['aws:SourceIp']}</a>`,
      }),
    },
  });
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

  it('takes bodies up to the limit of their operation, and says AWS’s words beyond', async () => {
    const create = '/2015-03-31/functions';
    const event = { headers: { 'x-amz-invocation-type': 'Event' } };
    const table: [
      path: string,
      bytes: number,
      options: object,
      type: string | undefined,
      message?: string,
    ][] = [
      [invocations, maxEventBytes, {}, undefined],
      [
        invocations,
        maxEventBytes + 1,
        {},
        'RequestTooLargeException',
        `${maxEventBytes + 1} byte payload is too large for the RequestResponse invocation type (limit ${maxEventBytes} bytes)`,
      ],
      [invocations, maxAsyncEventBytes, event, undefined],
      [
        invocations,
        maxAsyncEventBytes + 1,
        event,
        'RequestTooLargeException',
        `${maxAsyncEventBytes + 1} byte payload is too large for the Event invocation type (limit ${maxAsyncEventBytes} bytes)`,
      ],
      [
        create,
        maxUploadRequestBytes + 1,
        {},
        'RequestEntityTooLargeException',
        `Request must be smaller than ${maxUploadRequestBytes} bytes for the CreateFunction operation`,
      ],
    ];
    for (const [path, bytes, options, type, message] of table) {
      const answer = await fetchSigned('POST', path, Buffer.alloc(bytes, 0x20), options);
      assert.deepEqual(
        [answer.status, answer.headers['x-amzn-errortype']],
        [type === undefined ? 200 : 413, type],
      );
      if (message !== undefined) assert.equal(JSON.parse(answer.body).message, message);
    }
    const list = await fetchSigned('GET', '/2015-03-31/functions', Buffer.alloc(maxApiRequestBytes + 1));
    assert.equal(list.status, 413);
  });

  it('takes an upload of 50 MiB', async () => {
    const ZipFile = Buffer.alloc(50 * 1024 * 1024, 'PK').toString('base64');
    const body = JSON.stringify({
      FunctionName: 'f',
      Role: 'arn:aws:iam::123456789012:role/r',
      Code: { ZipFile },
    });
    const answer = await fetchSigned('POST', '/2015-03-31/functions', body);
    assert.deepEqual([answer.status, answer.body], [201, '{"CodeSize":52428800}']);
  });

  it('has clients that wait for it send their body, or refuses it unsent', async () => {
    const head = (length: number) =>
      `POST ${invocations} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`;
    const refused = await rawRequest(started.port, head(maxEventBytes + 1));
    assert.deepEqual(
      [refused.status, refused.headers['x-amzn-errortype']],
      [413, 'RequestTooLargeException'],
    );
    const told = await rawRequest(started.port, `${head(2)}{}`);
    assert.equal(told.headers['x-amzn-errortype'], 'MissingAuthenticationTokenException');
    const answer = await fetchSigned('POST', invocations, '{"b":2}', { headers: { expect: '100-continue' } });
    assert.deepEqual([answer.status, answer.body], [200, '{"b":2}']);
  });

  it('answers only requests that were meant for it', async () => {
    const table: [host: string | undefined, status: number][] = [
      ['localhost', 200],
      ['LOCALHOST:1234', 200],
      ['a.localhost', 200],
      ['127.0.0.1:80', 200],
      ['127.9.9.9', 200],
      ['[::1]:4574', 200],
      ['thaw.example', 200],
      ['thaw.example.', 200],
      ['evil.example', 403],
      ['localhost.evil.example', 403],
      ['10.0.0.1', 403],
      ['127.0.0.1.evil.example', 403],
      ['localhost:x', 403],
      ['', 403],
      [undefined, 403],
    ];
    for (const [host, status] of table) {
      const line = host === undefined ? '' : `Host: ${host}\r\n`;
      const answer = await rawRequest(
        started.port,
        `GET /healthz HTTP/1.1\r\n${line}Connection: close\r\n\r\n`,
      );
      assert.equal(answer.status, status, String(host));
      if (status === 403) assert.match(answer.body, /Host header/);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
  });

  it('serves what is beside the API: routes, function URLs, IAM', async () => {
    const get = (path: string, host = 'localhost') =>
      rawRequest(started.port, `GET ${path} HTTP/1.0\r\nHost: ${host}\r\n\r\n`);
    assert.equal((await get('/healthz?x')).body, 'well');
    assert.equal((await get('/files/a/b?c')).body, '/files/a/b?c');
    assert.equal((await get('/healthz/x')).status, 404);
    assert.equal(
      (await get('/', 'abc.lambda-url.us-east-1.localhost:1')).body,
      'url abc.lambda-url.us-east-1.localhost:1',
    );
    const iam = await rawRequest(
      started.port,
      'POST / HTTP/1.0\r\nHost: localhost\r\nAuthorization: x/iam/y\r\nContent-Length: 4\r\n\r\nbody',
    );
    assert.deepEqual(
      [iam.status, iam.body, iam.headers['content-type']],
      [200, '<a>body127.0.0.1</a>', 'text/xml'],
    );
    assert.match(iam.headers['x-amzn-requestid'] ?? '', /^[0-9a-f-]{36}$/);
    assert.equal((await get('/')).status, 404);
  });

  it('keeps connections, and answers requests that came together in their order', async () => {
    const one = `GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const two = `GET /files/2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    const { status, body } = await rawRequest(started.port, one + two);
    assert.equal(status, 200);
    assert.match(body, /^well.*\/files\/2$/s);
  });

  it('ends a connection on which too much waits', async () => {
    const one = `POST ${invocations} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`;
    const wait = `POST ${invocations} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n`;
    const { status } = await rawRequest(started.port, one.repeat(100) + wait);
    assert.equal(status, 0);
  });

  it('answers what is no HTTP, and lives', async () => {
    const host = 'Host: localhost\r\n';
    const table: [bytes: string | Buffer, status: number][] = [
      ['nonsense\r\n\r\n', 400],
      [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]), 400],
      [`GET /healthz HTTP/9.9\r\n${host}\r\n`, 400],
      [`CONNECT localhost:1 HTTP/1.1\r\n${host}\r\n`, 400],
      [`GET /healthz HTTP/1.1\r\n${host}X: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
      [`POST ${invocations} HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400],
      [`POST ${invocations} HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`, 400],
      [`POST ${invocations} HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n`, 400],
      [`POST ${invocations} HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
      [`GET http://localhost/healthz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, 404],
      [`OPTIONS * HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, 404],
      [`GET /healthz HTTP/1.1\r\n${host}Expect: more\r\nConnection: close\r\n\r\n`, 200],
    ];
    for (const [bytes, status] of table) {
      const answer = await rawRequest(started.port, bytes);
      assert.equal(answer.status, status, String(bytes).slice(0, 80));
      if (status === 200) continue;
      assert.ok(answer.headers['x-amzn-errortype'], String(bytes).slice(0, 80));
      assert.equal(typeof JSON.parse(answer.body).message, 'string');
    }
    assert.equal((await fetchSigned('POST', invocations)).status, 200);
  });

  it('opens bodies that were signed chunk by chunk, and refuses ones that were changed', async () => {
    const headers = {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
    };
    const signed = await signedHeaders(started, 'POST', invocations, '', { headers });
    const body = signedChunks(started.identity.accountKeys.secretAccessKey, signed, ['{"a":', '"b"}', '']);
    const send = async (bytes: string) =>
      rawRequest(
        started.port,
        [
          `POST ${invocations} HTTP/1.1`,
          ...Object.entries({ ...signed, 'content-length': bytes.length, connection: 'close' }).map(
            ([name, value]) => `${name}: ${value}`,
          ),
          '',
          bytes,
        ].join('\r\n'),
      );
    const answer = await send(body);
    assert.deepEqual([answer.status, answer.body], [200, '{"a":"b"}']);
    assert.equal(
      (await send(body.replace('"b"', '"c"'))).headers['x-amzn-errortype'],
      'InvalidSignatureException',
    );
  });

  it('ends a stream whose reader is gone', async () => {
    const path = '/2021-11-15/functions/f/response-streaming-invocations';
    const headers = await signedHeaders(started, 'POST', path);
    const released = once(calls, 'released');
    const req = request({ port: started.port, host: '127.0.0.1', method: 'POST', path, headers }).end();
    const [res] = await once(req, 'response');
    await once(res, 'data');
    res.destroy();
    await released;
    assert.deepEqual(started.errors, []);
  });

  it('tells an operation that its caller is gone', async () => {
    const path = invocations.replace('hello', 'waiting');
    const waiting = once(calls, 'waiting');
    const aborted = once(calls, 'aborted');
    const headers = await signedHeaders(started, 'POST', path);
    const req = request({ port: started.port, host: '127.0.0.1', method: 'POST', path, headers });
    req.on('error', () => {});
    req.end();
    const [requestId] = await waiting;
    req.destroy();
    assert.deepEqual(await aborted, [requestId]);
    calls.emit('go on');
  });

  it('gives up a body that never comes whole', async () => {
    const answer = await rawRequest(
      started.port,
      `POST ${invocations} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf`,
    );
    assert.ok(answer.status === 400 || answer.status === 0, String(answer.status));
    assert.equal((await fetchSigned('POST', invocations)).status, 200);
  });
});

describe('LambdaApiServer.close', { timeout: 240_000 }, () => {
  it('answers what is under way, with connections that were kept ended', async () => {
    const other = await startServer(operations);
    const agent = new Agent({ keepAlive: true });
    const idle = request({ port: other.port, host: '127.0.0.1', path: '/x', agent }).end();
    const [first] = await once(idle, 'response');
    await once(first.resume(), 'end');
    const waiting = once(calls, 'waiting');
    const answer = signedFetch(other, 'POST', invocations.replace('hello', 'waiting'), '{}');
    await waiting;
    const closed = other.server.close(30_000);
    calls.emit('go on');
    assert.equal((await answer).status, 200);
    await closed;
    agent.destroy();
    await other.close();
  });

  it('disconnects who is not answered in time', async () => {
    const other = await startServer(operations);
    const waiting = once(calls, 'waiting');
    const answer = assert.rejects(signedFetch(other, 'POST', invocations.replace('hello', 'waiting'), '{}'));
    await waiting;
    await other.server.close(10);
    await answer;
    calls.emit('go on');
    await other.close();
  });

  it('says when its port is taken', async () => {
    const other = await startServer([]);
    await other.server.close(0);
    await assert.rejects(other.server.listen({ host: '127.0.0.1', port: started.port }), {
      code: 'EADDRINUSE',
    });
    await other.close();
  });
});
