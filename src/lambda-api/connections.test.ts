import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Operation } from './operation.ts';
import { rawRequest } from './testing/raw-request.ts';
import { signedFetch } from './testing/signed-fetch.ts';
import { type StartedServer, startServer } from './testing/started-server.ts';

const invocations = '/2015-03-31/functions/hello/invocations';

const operations: readonly Operation[] = [
  { name: 'Invoke', authorise: 'none', run: ({ Payload }) => ({ StatusCode: 200, Payload }) },
];

let started: StartedServer;
before(async () => {
  started = await startServer(operations, {
    routes: {
      '/healthz': (_req, res) => void res.end('well'),
      '/files/': (req, res) => void res.end(req.url),
    },
  });
});
after(() => started.close());

describe('connections', { timeout: 240_000 }, () => {
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
    assert.equal((await signedFetch(started, 'POST', invocations)).status, 200);
  });
});
