import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import {
  maxSubscriberAnswerBytes,
  subscriberAnswerRestTimeoutMs,
  subscriberAnswerTimeoutMs,
  telemetryPending,
} from '../../domain/limits.ts';
import type { StoryEvent } from '../../domain/story.ts';
import { systemClock } from '../../foundation/clock.ts';
import { BareSubscriber } from '../testing/bare-subscriber.ts';
import { collectedHeapBytes } from '../testing/collected-heap.ts';
import { eventually } from '../testing/eventually.ts';
import { type Answer, answerOk, HttpSubscriber } from '../testing/http-subscriber.ts';
import { ownAddress } from '../testing/own-address.ts';
import { decodeStrictly } from '../testing/strict-decoder.ts';
import { subscription } from '../testing/subscribed.ts';
import { type SetAlarm, systemAlarm } from './alarm.ts';
import { TelemetryDelivery } from './deliverer.ts';

function line(record: string): StoryEvent {
  return { timeMs: Date.UTC(2026, 0, 5, 10), type: 'function', record, origin: 'runtime' };
}

/** `patienceMs`: alarms of so long and longer never ring, so that no answer comes too late, however slow the machine. */
function deliver(t: TestContext, patienceMs: number = subscriberAnswerTimeoutMs): TelemetryDelivery {
  const setAlarm: SetAlarm = (afterMs, ring) =>
    afterMs < patienceMs ? systemAlarm(afterMs, ring) : () => {};
  const delivery = new TelemetryDelivery({ clock: systemClock, address: ownAddress, setAlarm });
  t.after(() => delivery.close());
  return delivery;
}

async function listen(t: TestContext, answer?: Answer) {
  const server = new HttpSubscriber(answer);
  t.after(() => server.close());
  return { server, port: await server.listen() };
}

async function listenBare(t: TestContext, answer: (socket: Socket, index: number) => void) {
  const server = new BareSubscriber(answer);
  t.after(() => server.close());
  return { server, port: await server.listen() };
}

function figuresOf(delivery: TelemetryDelivery) {
  const [figures] = delivery.figures();
  assert.ok(figures);
  return figures;
}

function lines(bodies: readonly string[]): unknown[] {
  return bodies.flatMap((body) => JSON.parse(body)).map(({ record }) => record);
}

test('a POST with a length, over a connection that is used again', async (t) => {
  const { server, port } = await listen(t);
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port, { path: '/a?b=c' }));
  for (const [index, text] of ['one', 'two é', 'three'].entries()) {
    delivery.read(line(text));
    await server.until(() => server.batches.length === index + 1);
    await eventually(() => figuresOf(delivery).pendingRecords === 0);
  }
  for (const { method, path, headers, httpVersion, body, connection } of server.batches) {
    assert.deepEqual([method, path, httpVersion, connection], ['POST', '/a?b=c', '1.1', 0]);
    assert.equal(headers.host, `sandbox.localdomain:${port}`);
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['content-length'], String(Buffer.byteLength(body)));
    assert.equal(headers['transfer-encoding'], undefined);
    decodeStrictly('2022-12-13', body);
  }
  assert.deepEqual(lines(server.batches.map(({ body }) => body)), ['one', 'two é', 'three']);
});

test('the Logs API may want a PUT', async (t) => {
  const { server, port } = await listen(t);
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port, { api: 'logs', method: 'PUT' }));
  delivery.read(line('one'));
  await server.until(() => server.batches.length === 1);
  assert.equal(server.batches[0]!.method, 'PUT');
});

test('a subscriber that does not listen yet gets everything when it does', async (t) => {
  const { server, port } = await listen(t);
  await server.close();
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port));
  delivery.read(line('early'));
  await eventually(() => figuresOf(delivery).lastFailure !== undefined);
  assert.match(String(figuresOf(delivery).lastFailure), /ECONNREFUSED/);
  const late = new HttpSubscriber();
  t.after(() => late.close());
  await late.listen(port);
  await late.until(() => late.batches.length === 1);
  assert.deepEqual(lines([late.batches[0]!.body]), ['early']);
});

test('a subscriber that takes one connection, drops it and binds again', async (t) => {
  const { server, port } = await listenBare(t, (socket) => {
    server.stopListening();
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port));
  delivery.read(line('line 0'));
  for (let i = 1; i <= 3; i += 1) {
    await eventually(() => figuresOf(delivery).deliveredRecords === i);
    delivery.read(line(`line ${i}`));
    await eventually(() => figuresOf(delivery).lastFailure !== undefined);
    await server.listen();
  }
  await eventually(() => figuresOf(delivery).deliveredRecords === 4);
  assert.equal(server.connections, 4);
  assert.deepEqual(lines(server.bodies), ['line 0', 'line 1', 'line 2', 'line 3']);
});

test('a subscriber that answers 500 three times gets the same batch four times', async (t) => {
  const { server, port } = await listen(t, (res, index) => {
    res.statusCode = index < 3 ? 500 : 204;
    res.end();
  });
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port));
  delivery.read(line('again'));
  await server.until(() => server.batches.length === 1);
  delivery.read(line('later'));
  await server.until(() => server.batches.length === 5);
  const bodies = server.batches.map(({ body }) => body);
  assert.deepEqual(new Set(bodies.slice(0, 4)).size, 1);
  assert.deepEqual(lines([bodies[3]!, bodies[4]!]), ['again', 'later']);
});

test('redirects and other answers that are no 2xx mean again', async (t) => {
  const statuses = [301, 304, 404, 201];
  const { server, port } = await listen(t, (res, index) => {
    res.statusCode = statuses[index]!;
    res.end();
  });
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port));
  delivery.read(line('again'));
  await eventually(() => figuresOf(delivery).deliveredRecords === 1);
  assert.equal(server.batches.length, 4);
});

test('a subscriber that drops the connection gets the same batch again', async (t) => {
  const { server, port } = await listen(t, (res, index, socket) => {
    if (index < 2) socket.destroy();
    else answerOk(res);
  });
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port));
  delivery.read(line('again'));
  await eventually(() => figuresOf(delivery).deliveredRecords === 1);
  assert.equal(server.batches.length, 3);
  assert.equal(new Set(server.batches.map(({ body }) => body)).size, 1);
});

test('a subscriber that answers only later holds up nothing but its own next batch', async (t) => {
  const held: (() => void)[] = [];
  const { server, port } = await listen(t, (res) => held.push(() => res.end()));
  const other = await listen(t);
  const delivery = deliver(t);
  delivery.subscribe('slow', subscription(port));
  delivery.subscribe('other', subscription(other.port));
  delivery.read(line('first'));
  await server.until(() => held.length === 1);
  for (let i = 0; i < 50; i += 1) delivery.read(line(`line ${i}`));
  await other.server.until(() => other.server.events().length === 51);
  assert.equal(server.batches.length, 1);
  held.shift()!();
  await server.until(() => held.length === 1);
  assert.equal(server.events().length, 51);
});

test('HTTP/1.0 peers that close, with and without a length', async (t) => {
  const answers = ['HTTP/1.0 200 OK\r\n\r\n', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOK'];
  const { server, port } = await listenBare(t, (socket, index) => socket.end(answers[index % 2]!));
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port));
  for (let i = 0; i < 4; i += 1) {
    delivery.read(line(`line ${i}`));
    await server.until(() => server.bodies.length === i + 1);
    await eventually(() => figuresOf(delivery).pendingRecords === 0);
  }
  assert.deepEqual(lines(server.bodies), ['line 0', 'line 1', 'line 2', 'line 3']);
  assert.equal(server.connections, 4);
});

test('an answer that never ends is read up to its limit, and counts', async (t) => {
  const { server, port } = await listenBare(t, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    const bytes = maxSubscriberAnswerBytes + 1;
    socket.write(`${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`);
  });
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port));
  delivery.read(line('one'));
  await eventually(() => figuresOf(delivery).deliveredRecords === 1);
  delivery.read(line('two'));
  await eventually(() => figuresOf(delivery).deliveredRecords === 2);
  assert.deepEqual(lines(server.bodies), ['one', 'two']);
});

test('a 2xx counts as soon as its head is there, whatever becomes of its body', async (t) => {
  const { server, port } = await listenBare(t, (socket, index) => {
    if (index === 0) socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n');
    else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  });
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port));
  delivery.read(line('one'));
  await eventually(() => figuresOf(delivery).deliveredRecords === 1);
  delivery.read(line('two'));
  await eventually(() => figuresOf(delivery).deliveredRecords === 2);
  assert.deepEqual(lines(server.bodies), ['one', 'two']);
  assert.equal(server.connections, 2, 'the answer that never ended was given up');
});

test('an answer in pieces is heard out: its connection is used again', async (t) => {
  const pieces = ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n', 'O', 'K'];
  const { server, port } = await listenBare(t, (socket) => {
    for (const [index, piece] of pieces.entries()) setTimeout(() => socket.write(piece), 20 * index);
  });
  const delivery = deliver(t, subscriberAnswerRestTimeoutMs);
  delivery.subscribe('ext', subscription(port));
  delivery.flush();
  for (let i = 0; i < 5; i += 1) {
    delivery.read(line(`line ${i}`));
    await server.until(() => server.bodies.length === i + 1);
  }
  await eventually(() => figuresOf(delivery).deliveredRecords === 5);
  assert.equal(server.connections, 1);
});

test('a batch that is swallowed is sent again, over another connection', async (t) => {
  const { server, port } = await listen(t, (res, index) => {
    if (index > 0) answerOk(res);
  });
  // The ten seconds are over when the test says so: the second attempt has all the time it takes.
  const patience: (() => void)[] = [];
  const setAlarm: SetAlarm = (afterMs, ring) => {
    if (afterMs < subscriberAnswerTimeoutMs) return systemAlarm(afterMs, ring);
    patience.push(ring);
    return () => {};
  };
  const delivery = new TelemetryDelivery({ clock: systemClock, address: ownAddress, setAlarm });
  t.after(() => delivery.close());
  delivery.subscribe('ext', subscription(port));
  delivery.read(line('swallowed'));
  await server.until(() => server.batches.length === 1);
  delivery.read(line('later'));
  assert.equal(patience.length, 1);
  patience[0]!();
  await eventually(() => figuresOf(delivery).deliveredRecords === 2);
  const bodies = server.batches.map(({ body }) => body);
  assert.equal(bodies[1], bodies[0]);
  assert.deepEqual(lines(bodies), ['swallowed', 'swallowed', 'later']);
  assert.deepEqual(
    server.batches.map(({ connection }) => connection),
    [0, 1, 1],
  );
  assert.equal(figuresOf(delivery).droppedRecords, 0);
});

test('answers that are no HTTP, or another protocol, mean again', async (t) => {
  const answers = [
    'hello\n',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`,
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  ];
  const { server, port } = await listenBare(t, (socket, index) => {
    socket.write(answers[index]!);
  });
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port));
  delivery.read(line('again'));
  await eventually(() => figuresOf(delivery).deliveredRecords === 1);
  assert.equal(server.bodies.length, 4);
  assert.equal(new Set(server.bodies).size, 1);
});

test('a connection the subscriber reset while it was idle is made anew', async (t) => {
  const { server, port } = await listenBare(t, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    if (server.connections === 1) socket.resetAndDestroy();
  });
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port));
  delivery.read(line('one'));
  await server.until(() => server.bodies.length >= 1);
  delivery.read(line('two'));
  await eventually(() => figuresOf(delivery).deliveredRecords === 2);
  assert.deepEqual([...new Set(lines(server.bodies))], ['one', 'two']);
  assert.equal(server.connections, 2);
});

test('a subscriber that logs every batch it gets loops no faster than its batches', async (t) => {
  const { server, port } = await listen(t, (res, index) => {
    if (index < 20) delivery.read({ ...line(`got batch ${index}`), type: 'extension' } as StoryEvent);
    answerOk(res);
  });
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port));
  delivery.read(line('spark'));
  await server.until(() => server.batches.length === 21);
  assert.ok(server.batches.every(({ body }) => JSON.parse(body).length === 1));
  const { pendingRecords, droppedRecords } = figuresOf(delivery);
  assert.ok(pendingRecords <= 1 && droppedRecords === 0);
});

test('10,000 lines at once arrive in order', async (t) => {
  const { server, port } = await listen(t);
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port, { timeoutMs: 1000 }));
  const told = Array.from({ length: 10_000 }, (_, i) => `${i} ${'x'.repeat(i % 500)}`);
  for (const text of told) delivery.read(line(text));
  delivery.flush();
  let count = 0;
  let counted = 0;
  await server.until(() => {
    for (; counted < server.batches.length; counted += 1) {
      count += JSON.parse(server.batches[counted]!.body).length;
    }
    return count === told.length;
  });
  assert.deepEqual(
    server.events().map(({ record }) => record),
    told,
  );
  assert.ok(server.batches.every(({ body }) => body.length <= 2 * 262_144));
});

test('1,000,000 lines against a stuck subscriber: bounded memory, exact counts, and the notice in their place', async (t) => {
  const held: (() => void)[] = [];
  let stuck = true;
  const { server, port } = await listen(t, (res) => {
    if (stuck) held.push(() => res.end());
    else res.end();
  });
  const delivery = deliver(t);
  delivery.subscribe('ext', subscription(port, { types: ['function'] }));
  delivery.endHistory();
  const before = collectedHeapBytes();
  const count = 1_000_000;
  for (let i = 0; i < count; i += 1) {
    delivery.read(line(`line ${i}`));
    if (i === 0) await server.until(() => held.length === 1);
  }
  const { pendingRecords, pendingBytes, droppedRecords, droppedBytes, deliveredRecords } =
    figuresOf(delivery);
  assert.equal(deliveredRecords, 0);
  assert.equal(pendingRecords + droppedRecords, count);
  assert.ok(pendingRecords <= telemetryPending.maxRecords && pendingBytes <= telemetryPending.maxBytes);
  const grown = collectedHeapBytes() - before;
  assert.ok(grown < 4 * telemetryPending.maxBytes, `${grown} bytes more`);
  stuck = false;
  held.shift()!();
  await eventually(() => figuresOf(delivery).pendingRecords === 0);
  const events = server.events();
  const notice = events.pop();
  assert.equal(notice?.type, 'platform.logsDropped');
  assert.deepEqual(notice.record, {
    droppedRecords,
    droppedBytes,
    reason: 'Consumer seems to have fallen behind as it has not acknowledged receipt of logs.',
  });
  assert.deepEqual(
    events.map(({ record }) => record),
    Array.from({ length: pendingRecords }, (_, i) => `line ${i}`),
  );
  // Every line was as long as its number made it.
  const bytes = Array.from({ length: count }, (_, i) => `line ${i}`.length + fixedBytes).reduce(
    (a, b) => a + b,
  );
  assert.equal(pendingBytes + droppedBytes, bytes);
});

const fixedBytes = '{"time":"2026-01-05T10:00:00.000Z","type":"function","record":""}'.length;
