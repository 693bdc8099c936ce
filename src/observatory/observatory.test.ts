import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryDirectory } from '../artifacts/testing/temporary-directory.ts';
import type { Principal } from '../domain/principal.ts';
import type { SchedulerFigures } from '../scheduler/scheduler-event.ts';
import { Metrics } from '../telemetry/metrics/metrics.ts';
import { MemoryReadings } from './memory-readings.ts';
import { Observatory, packagePrefix } from './observatory.ts';
import { PackageDownloads } from './package-downloads.ts';
import { ThrottleCounts } from './throttle-counts.ts';

const digest = 'ab'.repeat(32);
const figures: SchedulerFigures = {
  environments: { starting: 1, idle: 2, busy: 3, closing: 0 },
  waiting: 4,
  concurrentExecutions: new Map([['orders', 3]]),
  unreservedConcurrentExecutions: 3,
  invocations: 9,
  coldStarts: 5,
  throttles: 2,
  failedStarts: 1,
};
const queueFigures = {
  events: 1,
  bytes: 2,
  running: 0,
  accepted: 7,
  succeeded: 5,
  failures: 1,
  hindrances: 3,
  discarded: { RetriesExhausted: 1, EventAgeExceeded: 0, ZeroReservedConcurrency: 0, FunctionNotFound: 0 },
};

/** An observatory on a port of its own, to which whoever sends `x-test-principal` is that one. */
async function observatory(t: TestContext) {
  const file = path.join(temporaryDirectory(t), 'package.zip');
  writeFileSync(file, 'the bytes');
  let nowMs = Date.UTC(2026, 0, 1);
  const clock = () => nowMs;
  const throttles = new ThrottleCounts();
  const downloads = new PackageDownloads({
    secret: 'secret',
    prefix: packagePrefix,
    archive: (asked) => {
      if (asked !== digest) throw new Error('there is none');
      return { path: file, size: 9 };
    },
    clock,
  });
  const { routes } = new Observatory({
    scheduler: {
      figures: () => figures,
      live: () => [
        { functionName: 'b', version: '1', state: 'starting', startedMs: 2000, invocations: 0 },
        { functionName: 'a', version: '$LATEST', state: 'busy', id: 'e1', startedMs: 1000, invocations: 7 },
      ],
    },
    queue: { figures: () => queueFigures },
    metrics: new Metrics(),
    memory: new MemoryReadings(),
    throttles,
    downloads,
    authenticate: ({ headers }) => {
      const kind = headers['x-test-principal'];
      if (kind === undefined) throw new Error('nobody');
      return { kind } as Principal;
    },
    clock,
  });
  const server = createServer((req, res) => {
    const [pathname = ''] = req.url!.split('?');
    const route = routes[pathname] ?? routes['/_thaw/']!;
    void route(req, res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    get: (rawUrl: string, headers: Record<string, string> = {}) =>
      fetch(`http://${host}${rawUrl}`, { headers }),
    packageUrl: (asked = digest) => downloads.url(asked, host),
    throttles,
    passMs: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('health: ready', async (t) => {
  const { get } = await observatory(t);
  const ready = await get('/healthz');
  assert.deepEqual([ready.status, await ready.json()], [200, { status: 'ready' }]);
});

test('metrics: of functions, scheduler and queue, each family once', async (t) => {
  const { get, throttles } = await observatory(t);
  for (let count = 0; count < 2; count += 1)
    throttles.read({
      functionName: 'orders',
      version: '1',
      type: 'throttled',
      reason: 'ConcurrentInvocationLimitExceeded',
    });
  const answer = await get('/metrics');
  assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const text = await answer.text();
  for (const line of [
    'thaw_environments{state="busy"} 3',
    'thaw_invocations_waiting 4',
    'thaw_cold_starts_total 5',
    'thaw_throttles_total{function="orders",reason="ConcurrentInvocationLimitExceeded"} 2',
    'thaw_async_events_accepted_total 7',
    'thaw_async_events_discarded_total{condition="RetriesExhausted"} 1',
  ])
    assert.ok(text.includes(`\n${line}\n`), line);
  const declared = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
  assert.deepEqual(declared, [...new Set(declared)]);
});

test('environments: to the account alone, the oldest first', async (t) => {
  const { get } = await observatory(t);
  assert.equal((await get('/_thaw/environments')).status, 403);
  assert.equal((await get('/_thaw/environments', { 'x-test-principal': 'assumed-role' })).status, 403);
  const shown = await get('/_thaw/environments', { 'x-test-principal': 'account' });
  const { environments } = (await shown.json()) as { environments: unknown };
  assert.deepEqual(environments, [
    {
      id: 'e1',
      functionName: 'a',
      version: '$LATEST',
      state: 'busy',
      startedAt: '1970-01-01T00:00:01.000Z',
      invocations: 7,
    },
    {
      functionName: 'b',
      version: '1',
      state: 'starting',
      startedAt: '1970-01-01T00:00:02.000Z',
      invocations: 0,
    },
  ]);
  assert.equal((await get('/_thaw/else', { 'x-test-principal': 'account' })).status, 404);
});

test('packages: whoever has the URL fetches that one, for ten minutes', async (t) => {
  const { get, packageUrl, passMs } = await observatory(t);
  const url = packageUrl();
  const fetched = await fetch(url);
  assert.deepEqual(
    [fetched.headers.get('content-type'), await fetched.text()],
    ['application/zip', 'the bytes'],
  );
  const head = await fetch(url, { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers.get('content-length')], [200, '9']);
  assert.equal((await fetch(url, { method: 'PUT' })).status, 405);
  for (const forged of [
    url.replace(digest, 'cd'.repeat(32)),
    url.replace(/Expires=(\d+)/, (_, at) => `Expires=${Number(at) + 1}`),
    url.replace(/Signature=../, 'Signature=zz'),
    url.replace(/&Signature.*/, ''),
    url.replace(/\?.*/, ''),
  ])
    assert.equal((await fetch(forged)).status, 403, forged);
  assert.equal((await fetch(packageUrl('cd'.repeat(32)))).status, 404);
  passMs(10 * 60_000 - 1000);
  assert.equal((await fetch(url)).status, 200);
  passMs(1000);
  const late = await fetch(url);
  assert.equal(late.status, 403);
  assert.match(await late.text(), /has expired/);
  assert.equal((await get(packagePrefix)).status, 403);
});
