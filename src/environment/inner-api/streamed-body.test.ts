import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { StreamedBody } from './streamed-body.ts';

const limit = 1024 * 1024;
const chunk = Buffer.alloc(16 * 1024, 'x');

/** A request under way, seen from both its ends. */
async function exchange(t: TestContext) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const sender = request({ port, host: '127.0.0.1', method: 'POST' });
  sender.on('error', () => {});
  sender.flushHeaders();
  const [req] = await once(server, 'request');
  return { sender, req, body: new StreamedBody(req, limit) };
}

test('bytes are passed on while more are to come', async (t) => {
  const { sender, body } = await exchange(t);
  sender.write('one');
  const [first] = await once(body.readable, 'data');
  assert.equal(String(first), 'one');
  sender.end('two');
  const [second] = await once(body.readable, 'data');
  assert.equal(String(second), 'two');
  await once(body.readable, 'end');
  assert.deepEqual(await body.done, { kind: 'passedOn', length: 6 });
});

test('a sender waits while nobody reads, and all of it arrives when somebody does', async (t) => {
  const { sender, req, body } = await exchange(t);
  // As much as fits between the two ends without a reader; then the sender is told to wait, and the receiver stopped.
  let sent = 0;
  const deadline = performance.now() + 30_000;
  while (!req.isPaused() && performance.now() < deadline) {
    // All of it may have been sent before the first of it was taken in.
    if (sent < limit - chunk.length) {
      sender.write(chunk);
      sent += chunk.length;
    }
    await new Promise(setImmediate);
  }
  assert.ok(req.isPaused(), 'the receiver reads on although nobody reads from it');
  assert.ok(body.readable.readableLength <= 256 * 1024, `${body.readable.readableLength} bytes are held`);
  sender.end();
  assert.equal((await buffer(body.readable)).length, sent);
  assert.deepEqual(await body.done, { kind: 'passedOn', length: sent });
});

test('once its reader is gone the rest is dropped, and the sender is done', async (t) => {
  const { sender, body } = await exchange(t);
  body.readable.destroy();
  for (let count = 0; count < 20; count += 1) sender.write(chunk);
  sender.end();
  assert.deepEqual(await body.done, { kind: 'passedOn', length: 20 * chunk.length });
});

test('beyond the limit nothing is passed on; all of it is counted', async (t) => {
  const { sender, body } = await exchange(t);
  const read = buffer(body.readable);
  for (let sent = 0; sent < limit + chunk.length; sent += chunk.length) sender.write(chunk);
  sender.end();
  const done = await body.done;
  assert.equal(done.kind, 'tooLarge');
  assert.equal(done.kind === 'tooLarge' && done.length, limit + chunk.length);
  assert.ok((await read).length <= limit);
});

test('a sender that goes away ends what is read', async (t) => {
  const { sender, body } = await exchange(t);
  sender.write('half');
  await once(body.readable, 'readable');
  sender.destroy();
  assert.deepEqual(await body.done, { kind: 'truncated' });
  assert.equal(String(await buffer(body.readable)), 'half');
});

test('broken off, it ends with what there was, and reads on', async (t) => {
  const { sender, body } = await exchange(t);
  sender.write('half');
  await once(body.readable, 'readable');
  body.breakOff();
  body.breakOff();
  assert.equal(String(await buffer(body.readable)), 'half');
  sender.end('more');
  assert.deepEqual(await body.done, { kind: 'passedOn', length: 8 });
});
