import assert from 'node:assert/strict';
import { createHmac, hash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  maxApiRequestBytes,
  maxAsyncEventBytes,
  maxEventBytes,
  maxUploadRequestBytes,
} from '../domain/limits.ts';
import type { Operation } from './operation.ts';
import { rawRequest } from './testing/raw-request.ts';
import { signedFetch, signedHeaders } from './testing/signed-fetch.ts';
import { type StartedServer, startServer } from './testing/started-server.ts';

const invocations = '/2015-03-31/functions/hello/invocations';

const operations: readonly Operation[] = [
  { name: 'Invoke', authorise: 'none', run: ({ Payload }) => ({ StatusCode: 200, Payload }) },
  { name: 'ListFunctions', authorise: 'none', run: () => ({ Functions: [] }) },
  { name: 'CreateFunction', authorise: 'none', run: ({ Code }) => ({ CodeSize: Code.ZipFile.length }) },
];

let started: StartedServer;
const fetchSigned = (...rest: [string, string, (string | Buffer)?, object?]) => signedFetch(started, ...rest);

before(async () => {
  started = await startServer(operations);
});
after(() => started.close());

describe('bodies of requests', { timeout: 240_000 }, () => {
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

  it('gives up a body that never comes whole', async () => {
    const answer = await rawRequest(
      started.port,
      `POST ${invocations} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf`,
    );
    assert.ok(answer.status === 400 || answer.status === 0, String(answer.status));
    assert.equal((await fetchSigned('POST', invocations)).status, 200);
  });
});

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
