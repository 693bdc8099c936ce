import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { serviceModel } from './model/service-model.ts';
import type { Operation } from './operation.ts';
import { type RawAnswer, rawRequest } from './testing/raw-request.ts';
import { signedFetch } from './testing/signed-fetch.ts';
import { type StartedServer, startServer } from './testing/started-server.ts';

const operations = Object.keys(serviceModel.operations).map(
  (name): Operation => ({ name, authorise: 'none', run: () => ({}) }),
);

let started: StartedServer;
before(async () => {
  started = await startServer(operations);
});
after(() => started.close());

/** Refusals are AWS's: a type in a header, a message in a JSON body. */
function assertRefusal({
  status,
  headers,
  body,
}: Pick<RawAnswer, 'status' | 'body'> & { headers: object }): void {
  assert.ok(status >= 400 && status < 500, `${status} ${body}`);
  assert.match(String((headers as Record<string, string>)['x-amzn-errortype']), /^\w+$/);
  const { message, Message } = JSON.parse(body) as { message?: unknown; Message?: unknown };
  assert.equal(typeof (message ?? Message), 'string');
}

const anyPath = fc.oneof(
  fc.string({ unit: 'binary-ascii' }).map((text) => `/${encodeURI(text)}`),
  fc
    .constantFrom(...Object.values(serviceModel.operations))
    .chain(({ http }) =>
      fc
        .webQueryParameters()
        .map((query) => `${http.requestUri.replace(/\{\w+\}/g, '%7E').split('?')[0]}?${query}`),
    ),
);

describe('malformed requests', { timeout: 240_000 }, () => {
  it('of any bytes are refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const answer = await rawRequest(started.port, Buffer.concat([bytes, Buffer.from('\r\n\r\n')]));
        // What could be the beginning of a request when the peer says no more is just ended.
        if (answer.status !== 0) assertRefusal(answer);
      }),
      { numRuns: 200 },
    );
  });

  it('with heads that were tampered with are refused', async () => {
    const head = Buffer.from(
      'POST /2015-03-31/functions/f/invocations?Qualifier=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\nAuthorization: AWS4-HMAC-SHA256 Credential=AKIA/20260131/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=00\r\nX-Amz-Date: 20260131T000000Z\r\n\r\n{}',
    );
    const edits = fc.array(fc.tuple(fc.nat(head.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const bytes = Buffer.from(head);
        for (const [at, value] of changes) bytes[at] = value;
        const answer = await rawRequest(started.port, bytes);
        if (answer.status === 403 && answer.headers['content-type']?.startsWith('text/plain')) return;
        if (answer.status !== 0) assertRefusal(answer);
      }),
      { numRuns: 300 },
    );
  });

  it('with any path and query, and a good signature, are answered without a fault', async () => {
    const methods = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS');
    await fc.assert(
      fc.asyncProperty(methods, anyPath, async (method, path) => {
        const answer = await signedFetch(started, method, path);
        if (answer.status >= 300) assertRefusal(answer);
      }),
      { numRuns: 200 },
    );
  });

  it('with any JSON, and a good signature, are answered without a fault', async () => {
    const [names, values] = [
      fc.constantFrom('Code', 'Role', 'Layers', 'Environment', 'Tags', 'Runtime', 'Timeout', '__proto__'),
      fc.oneof(
        fc.jsonValue(),
        fc.constantFrom({ Variables: { A: 'b' } }, { ZipFile: 'AA==' }, { ZipFile: 'A' }),
      ),
    ];
    const bodies = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.dictionary(names, values).map((object) => JSON.stringify(object)),
      fc.constant(`${'['.repeat(100_000)}`),
      fc.constant(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const answer = await signedFetch(started, 'POST', '/2015-03-31/functions', body);
        assertRefusal(answer);
      }),
      { numRuns: 200 },
    );
  });

  it('left nothing broken', async () => {
    assert.deepEqual(started.errors, []);
    assert.equal((await signedFetch(started, 'GET', '/2015-03-31/functions')).status, 200);
  });
});
