import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { maxSubscriptionsPerExtension, telemetryHistory } from '../../domain/limits.ts';
import type { StoryEvent, SubscriptionFigures } from '../../domain/story.ts';
import { systemClock } from '../../foundation/clock.ts';
import { eventually } from '../testing/eventually.ts';
import { HttpSubscriber } from '../testing/http-subscriber.ts';
import { ownAddress } from '../testing/own-address.ts';
import { decodeStrictly } from '../testing/strict-decoder.ts';
import { subscription } from '../testing/subscribed.ts';
import { wholeStory } from '../testing/whole-story.ts';
import { type DroppedTelemetry, TelemetryDelivery } from './deliverer.ts';

function line(record: string, type: 'function' | 'extension' = 'function'): StoryEvent {
  return { timeMs: Date.UTC(2026, 0, 5, 10), type, record, origin: 'runtime' };
}

const initStart = wholeStory().find(({ type }) => type === 'platform.initStart')!;

async function setUp(t: TestContext) {
  const server = new HttpSubscriber();
  const port = await server.listen();
  const dropped: DroppedTelemetry[] = [];
  const ended: SubscriptionFigures[] = [];
  const delivery = new TelemetryDelivery({
    clock: systemClock,
    address: ownAddress,
    tellDropped: (lost) => dropped.push(lost),
    tellEnded: (figures) => ended.push(figures),
  });
  t.after(async () => {
    delivery.close();
    await server.close();
  });
  return { server, port, delivery, dropped, ended };
}

test('a whole life arrives, in every schema, as a strict decoder wants it', async (t) => {
  const { server, port, delivery } = await setUp(t);
  const versions = ['2025-01-29', '2022-12-13', '2022-07-01', '2021-03-18', '2020-08-15'] as const;
  for (const schemaVersion of versions) {
    const api = schemaVersion < '2022' ? 'logs' : 'telemetry';
    delivery.subscribe(
      `ext ${schemaVersion}`,
      subscription(port, { api, schemaVersion, path: `/${schemaVersion}` }),
    );
  }
  for (const event of wholeStory()) delivery.read(event);
  await eventually(() => delivery.figures().every(({ pendingRecords }) => pendingRecords === 0));
  for (const [index, schemaVersion] of versions.entries()) {
    const bodies = server.batches.filter(({ path }) => path === `/${schemaVersion}`);
    const events = bodies.flatMap(({ body }) => decodeStrictly(schemaVersion, body));
    assert.ok(events.length >= 15);
    const { deliveredRecords, deliveredBytes } = delivery.figures()[index]!;
    const separators = bodies.reduce((sum, { body }) => sum + 1 + JSON.parse(body).length, 0);
    const bytes = bodies.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
    assert.deepEqual([deliveredRecords, deliveredBytes], [events.length, bytes - separators]);
  }
});

test('who subscribes late gets what was told before, of its types, until the history has ended', async (t) => {
  const { server, port, delivery } = await setUp(t);
  delivery.read(initStart);
  delivery.read(line('early'));
  delivery.read(line('other', 'extension'));
  delivery.subscribe('ext', subscription(port, { types: ['platform', 'function'], path: '/first' }));
  delivery.read(line('live'));
  delivery.endHistory();
  delivery.subscribe('late', subscription(port, { types: ['function'], path: '/second' }));
  delivery.read(line('later'));
  await eventually(() => delivery.figures().every((figures) => figures.pendingRecords === 0));
  const at = (path: string) =>
    server.batches
      .filter((batch) => batch.path === path)
      .flatMap(({ body }) => JSON.parse(body))
      .map(({ type, record }) => (type === 'function' ? record : type));
  assert.deepEqual(at('/first'), ['platform.initStart', 'early', 'live', 'later']);
  assert.deepEqual(at('/second'), ['later']);
});

test('what the history could not keep is counted, before what it kept', async (t) => {
  const { server, port, delivery, dropped } = await setUp(t);
  delivery.read(initStart);
  for (let i = 0; i < telemetryHistory.maxRecords + 99; i += 1) delivery.read(line(`${i}`));
  delivery.subscribe('ext', subscription(port));
  await eventually(() => delivery.figures()[0]!.pendingRecords === 0);
  const [notice, first, second] = server.events();
  assert.equal((notice!.record as { droppedRecords: number }).droppedRecords, 100);
  assert.equal(first!.type, 'platform.initStart');
  assert.equal(second!.record, '100');
  assert.equal(server.events().length, telemetryHistory.maxRecords + 1);
  assert.deepEqual(
    dropped.map(({ subscriber, records }) => [subscriber, records]),
    [['ext', 100]],
  );
  assert.equal(delivery.figures()[0]!.droppedRecords, 100);
});

test('several subscriptions of one extension, each once, and not too many', async (t) => {
  const { server, port, delivery } = await setUp(t);
  for (let i = 0; i < maxSubscriptionsPerExtension; i += 1) {
    assert.equal(delivery.subscribe('ext', subscription(port, { path: `/${i}` })), 'subscribed');
    assert.equal(delivery.subscribe('ext', subscription(port, { path: `/${i}` })), 'repeated');
  }
  assert.equal(delivery.subscribe('ext', subscription(port, { path: '/more' })), 'refused');
  assert.equal(delivery.subscribe('other', subscription(port, { path: '/0' })), 'subscribed');
  delivery.read(line('one'));
  const subscriptions = maxSubscriptionsPerExtension + 1;
  await server.until(() => server.batches.length === subscriptions);
  assert.deepEqual(
    server.batches.map(({ path }) => path).sort(),
    ['/0', '/0', ...Array.from({ length: maxSubscriptionsPerExtension - 1 }, (_, i) => `/${i + 1}`)].sort(),
  );
});

test('a loss told in the story is of somebody else, and is not passed on', async (t) => {
  const { server, port, delivery } = await setUp(t);
  delivery.subscribe('ext', subscription(port));
  const record = { droppedBytes: 1, droppedRecords: 1, reason: 'of another' };
  delivery.read({ timeMs: 0, type: 'platform.logsDropped', record });
  delivery.read(line('one'));
  await server.until(() => server.batches.length === 1);
  assert.deepEqual(
    server.events().map(({ record }) => record),
    ['one'],
  );
});

test('frozen, nothing is sent; thawed, it is', async (t) => {
  const { server, port, delivery } = await setUp(t);
  const probe = new HttpSubscriber();
  const probePort = await probe.listen();
  const other = new TelemetryDelivery({ clock: systemClock, address: ownAddress });
  t.after(async () => {
    other.close();
    await probe.close();
  });
  delivery.subscribe('ext', subscription(port));
  other.subscribe('ext', subscription(probePort));
  delivery.freeze();
  delivery.subscribe('new', subscription(port, { path: '/new' }));
  delivery.read(line('one'));
  // A twin that is not frozen tells when the frozen one's time would have come; and then once more.
  for (let batches = 1; batches <= 2; batches += 1) {
    other.read(line('one'));
    await probe.until(() => probe.batches.length === batches);
  }
  assert.equal(server.connections, 0);
  delivery.thaw();
  await server.until(() => server.batches.length === 2);
});

test('from a flush on nothing waits for its time, neither what is held nor what comes later', async (t) => {
  const { server, port, delivery } = await setUp(t);
  delivery.subscribe('ext', subscription(port, { timeoutMs: 30_000 }));
  delivery.read(line('one'));
  delivery.flush();
  await server.until(() => server.batches.length === 1, 15_000);
  delivery.read(line('two'));
  await server.until(() => server.batches.length === 2, 15_000);
});

test('after a reset the subscribers are gone, what they missed is told, and the history begins anew', async (t) => {
  const { server, port, delivery, dropped } = await setUp(t);
  delivery.subscribe('ext', subscription(port, { timeoutMs: 30_000 }));
  delivery.read(initStart);
  delivery.read(line('never seen'));
  const { pendingBytes: bytes } = delivery.figures()[0]!;
  delivery.endHistory();
  delivery.freeze();
  delivery.endGeneration('reset');
  const reason = 'The environment was reset before they were delivered.';
  assert.deepEqual(dropped, [{ subscriber: 'ext', records: 2, bytes, reason }]);
  assert.deepEqual(delivery.figures(), []);
  delivery.read(line('a new beginning'));
  delivery.subscribe('ext', subscription(port));
  await server.until(() => server.batches.length === 1);
  assert.deepEqual(
    server.events().map(({ record }) => record),
    ['a new beginning'],
  );
});

test('what is lost is told with how the generation ended, and with why it could not be delivered', async (t) => {
  const { port, server, delivery, dropped } = await setUp(t);
  await server.close();
  delivery.subscribe('ext', subscription(port));
  delivery.read(line('one'));
  await eventually(() => delivery.figures()[0]!.lastFailure !== undefined);
  delivery.endGeneration('shutdown');
  assert.match(
    dropped[0]!.reason,
    /^The environment ended before they were delivered\. The last attempt failed: connect ECONNREFUSED sandbox\.localdomain:\d+$/,
  );
});

test('what each subscription came to is told once, with the end of its generation', async (t) => {
  const { server, port, delivery, ended } = await setUp(t);
  delivery.subscribe('quick', subscription(port, { timeoutMs: 25 }));
  delivery.subscribe('slow', subscription(port, { timeoutMs: 30_000, path: '/slow' }));
  delivery.read(line('one'));
  await eventually(() => delivery.figures()[0]!.pendingRecords === 0);
  const bytes = JSON.stringify(server.events()[0]).length;
  assert.deepEqual(ended, []);
  delivery.endGeneration('reset');
  const none = { deliveredBytes: 0, deliveredRecords: 0, droppedBytes: 0, droppedRecords: 0 };
  const each = { ...none, api: 'telemetry' } as const;
  const expected = [
    { ...each, subscriber: 'quick', deliveredBytes: bytes, deliveredRecords: 1 },
    { ...each, subscriber: 'slow', droppedBytes: bytes, droppedRecords: 1 },
  ];
  assert.deepEqual(ended, expected);
  delivery.close();
  assert.deepEqual(ended, expected);
});

test('closed, it reads no more, and takes no subscriber', async (t) => {
  const { port, delivery, dropped } = await setUp(t);
  delivery.subscribe('ext', subscription(port, { timeoutMs: 30_000 }));
  delivery.read(line('one'));
  delivery.close();
  delivery.close();
  delivery.read(line('two'));
  delivery.endGeneration('reset');
  assert.deepEqual(
    dropped.map(({ records, reason }) => [records, reason]),
    [[1, 'The environment ended before they were delivered.']],
  );
  assert.throws(() => delivery.subscribe('ext', subscription(port)), /closed: ext cannot subscribe/);
});
