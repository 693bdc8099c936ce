import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { StoryEvent } from '../../domain/story.ts';
import { systemClock } from '../../foundation/clock.ts';
import { eventually } from '../testing/eventually.ts';
import { ownAddress } from '../testing/own-address.ts';
import { decodeStrictly } from '../testing/strict-decoder.ts';
import { subscription } from '../testing/subscribed.ts';
import { TcpSubscriber } from '../testing/tcp-subscriber.ts';
import { TelemetryDelivery } from './deliverer.ts';

function line(record: string): StoryEvent {
  return { timeMs: Date.UTC(2026, 0, 5, 10), type: 'function', record, origin: 'runtime' };
}

async function listen(t: TestContext, onConnection?: ConstructorParameters<typeof TcpSubscriber>[0]) {
  const server = new TcpSubscriber(onConnection);
  t.after(() => server.close());
  return { server, port: await server.listen() };
}

function subscribeTo(t: TestContext, port: number): TelemetryDelivery {
  const delivery = new TelemetryDelivery({ clock: systemClock, address: ownAddress });
  t.after(() => delivery.close());
  delivery.subscribe('ext', subscription(port, { protocol: 'TCP' }));
  return delivery;
}

function records(text: string): unknown[] {
  return decodeStrictly('2022-12-13', text, 'TCP').map(({ record }) => record);
}

test('one event per line, over one connection, in order', async (t) => {
  const { server, port } = await listen(t);
  const delivery = subscribeTo(t, port);
  const told = Array.from({ length: 10_000 }, (_, i) => `${i}\n${'é'.repeat(i % 300)}`);
  for (const [i, text] of told.entries()) {
    delivery.read(line(text));
    if (i === 10) await server.until(() => server.text !== '');
  }
  await server.until(
    () => server.text.endsWith('\n') && server.text.includes(`"${told.at(-1)!.slice(0, 4)}`),
  );
  assert.deepEqual(records(server.text), told);
  assert.equal(server.sockets.length, 1);
});

test('nothing connects before there is something to send; a listener may come later', async (t) => {
  const { server, port } = await listen(t);
  await server.close();
  const delivery = subscribeTo(t, port);
  delivery.read(line('early'));
  await eventually(() => delivery.figures()[0]?.lastFailure !== undefined);
  assert.match(String(delivery.figures()[0]!.lastFailure), /ECONNREFUSED/);
  const late = new TcpSubscriber();
  t.after(() => late.close());
  await late.listen(port);
  await late.until(() => late.text.endsWith('\n'));
  assert.deepEqual(records(late.text), ['early']);
});

test('a lost connection is made again', async (t) => {
  const { server, port } = await listen(t);
  const delivery = subscribeTo(t, port);
  delivery.read(line('one'));
  await server.until(() => server.text.endsWith('\n'));
  server.sockets[0]!.end();
  await server.until(() => server.sockets[0]!.destroyed);
  delivery.read(line('two'));
  await server.until(() => records(server.text).length === 2);
  assert.deepEqual(records(server.text), ['one', 'two']);
  assert.equal(server.sockets.length, 2);
});

test('a subscriber that does not read fills only its own buffer; later all is there or counted', async (t) => {
  const { server, port } = await listen(t, (socket) => socket.pause());
  const delivery = subscribeTo(t, port);
  delivery.endHistory();
  delivery.read(line('first'));
  await eventually(() => server.sockets.length === 1);
  server.sockets[0]!.pause();
  const text = 'x'.repeat(1000);
  const count = 30_000;
  for (let i = 1; i < count; i += 1) {
    delivery.read(line(`${i} ${text}`));
    if (i % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const { pendingRecords, deliveredRecords, droppedRecords, pendingBytes } = delivery.figures()[0]!;
  assert.ok(droppedRecords > 0 && pendingBytes > 7_000_000, 'the subscriber was stuck');
  const notices = pendingRecords + deliveredRecords + droppedRecords - count;
  assert.ok(notices >= 0);
  server.sockets[0]!.resume();
  await eventually(() => delivery.figures()[0]!.pendingRecords === 0);
  const { deliveredRecords: handedOver } = delivery.figures()[0]!;
  let seen = 0;
  let scanned = 0;
  await server.until(() => {
    for (let at = server.text.indexOf('\n', scanned); at !== -1; at = server.text.indexOf('\n', scanned)) {
      scanned = at + 1;
      seen += 1;
    }
    return seen === handedOver;
  });
  let next = 0;
  for (const { type, record } of decodeStrictly('2022-12-13', server.text, 'TCP')) {
    if (type === 'platform.logsDropped') {
      next += (record as { droppedRecords: number }).droppedRecords;
    } else {
      assert.equal(String(record).split(' ')[0], next === 0 ? 'first' : String(next));
      next += 1;
    }
  }
  assert.equal(next, count);
});
