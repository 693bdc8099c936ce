import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { endWith } from './end-with.ts';

test('a body arrives as the bytes it is, whatever its size', async (t) => {
  const bodies = [0, 1, 256, 16 * 1024, 16 * 1024 + 1].map((length) =>
    Buffer.from(Uint8Array.from({ length }, (_, index) => index)),
  );
  const server = createServer((req, res) => {
    const body = bodies[Number(req.url?.slice(1))]!;
    res.writeHead(200, { 'Content-Length': body.length });
    endWith(res, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  for (const [index, body] of bodies.entries()) {
    const answer = await fetch(`http://127.0.0.1:${port}/${index}`);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), body);
  }
});
