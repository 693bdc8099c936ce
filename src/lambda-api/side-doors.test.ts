import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { rawRequest } from './testing/raw-request.ts';
import { type StartedServer, startServer } from './testing/started-server.ts';

let started: StartedServer;

before(async () => {
  started = await startServer([], {
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

describe('the port of the Lambda API', { timeout: 240_000 }, () => {
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
});
