import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type DecodedEvent, decodeStrictly } from '../src/telemetry/testing/strict-decoder.ts';
import { copies, functionCode } from './support/packages.ts';
import { type Ended, expectStatus, runThaw, runThawAsText } from './support/run-thaw.ts';
import {
  brief,
  deliveries,
  events,
  eventsByLife,
  recordsDropped,
  subscriber,
  subscriptionBody,
  type Try,
  withSubscriber,
} from './support/subscribers.ts';

const echo = [functionCode('echo')];
/** Every way an invocation can end, and what comes after it; the port is the telemetry subscriber's. */
const acts = [
  'answer',
  'throw',
  'hang',
  'answer',
  'exit 3',
  'answer',
  'crash 4243',
  'answer',
  'eat',
  'answer',
];
const life = [
  functionCode('acts-out'),
  ...['--event', JSON.stringify({ acts }), '--invocations', String(acts.length), '--memory', '512'],
  // Every start but the first is part of an invocation, and on a busy machine takes seconds.
  ...['--timeout', '12'],
];
const telemetryPorts = { 4243: '2022-12-13', 4244: '2022-07-01', 4245: '2025-01-29' } as const;

describe('telemetry over a whole life: success, handler error, timeout, crashes, out of memory, shutdown', async () => {
  let run: Promise<Ended> | undefined;
  const types = ['platform', 'function', 'extension'] as const;

  test('is delivered as each schema has it, byte for byte', { timeout: 240_000 }, async (t) => {
    run = runThaw(t, [
      ...life,
      ...copies(t, 'telemetry-subscriber', ['logs-subscriber', 'tcp-subscriber']),
      ...withSubscriber([
        { port: 4243, schemaVersion: '2022-12-13' },
        { port: 4244, schemaVersion: '2022-07-01', types, buffering: { timeoutMs: 25 } },
        { port: 4245, schemaVersion: '2025-01-29', types: ['platform'] },
      ]),
      ...subscriber('logs-subscriber', [
        { port: 4253, schemaVersion: '2020-08-15' },
        { port: 4254, schemaVersion: '2021-03-18', method: 'PUT' },
      ]),
      ...subscriber('tcp-subscriber', [{ port: 4263, protocol: 'TCP' }]),
    ]);
    const ended = await run;
    assert.equal(ended.status, 3, ended.stderr);
    assert.deepEqual(
      ended.results.map(({ status, errorType }) => errorType ?? status),
      [
        ...['success', 'TypeError', 'Sandbox.Timedout', 'success', 'Runtime.ExitError', 'success'],
        ...['Extension.Crash', 'success', 'Runtime.ExitError', 'success'],
      ],
    );
    for (const [port, schemaVersion] of Object.entries(telemetryPorts)) {
      const lives = eventsByLife(deliveries(ended), Number(port), schemaVersion);
      // Of the life that crashes, only the quickest is sure to get anything.
      assert.ok(lives.length >= (port === '4244' ? 5 : 4), `${lives.length} lives at port ${port}`);
    }
    for (const [port, schemaVersion] of [[4253, '2020-08-15'] as const, [4254, '2021-03-18'] as const]) {
      assert.equal(eventsByLife(deliveries(ended, 'logs-subscriber'), port, schemaVersion).length, 5);
    }
    assert.equal(eventsByLife(deliveries(ended, 'tcp-subscriber'), 4263, '2022-12-13').length, 5);
  });

  test('the platform’s events come in the order told, none twice, and what is missing was told as dropped', async () => {
    const ended = await run!;
    const told = ended.told.all.filter(
      ({ type }) =>
        type.startsWith('platform.') &&
        type !== 'platform.logsDropped' &&
        type !== 'platform.logsSubscription',
    );
    const expected = told.map((event) => brief(event as never));
    let missing = 0;
    for (const [port, schemaVersion] of Object.entries(telemetryPorts)) {
      const got = events(deliveries(ended), Number(port), schemaVersion)
        .filter(({ type }) => type.startsWith('platform.') && type !== 'platform.logsDropped')
        .map(brief);
      expectInOrder(got, expected);
      missing += expected.length - got.length;
    }
    assert.ok(
      missing <= recordsDropped(ended),
      `${missing} are missing, ${recordsDropped(ended)} were told as dropped`,
    );
  });

  test('each life hears of its own beginning, and of the end of the one before', async () => {
    const ended = await run!;
    const [first, ...later] = eventsByLife(deliveries(ended), 4243, '2022-12-13');
    assert.equal(first?.[0]?.type, 'platform.initStart');
    const failed = ended.results.filter(({ status }) => status !== 'success' && status !== 'error');
    const crashed = ended.results.filter(({ errorType }) => /Exit|Crash/.test(errorType ?? ''));
    const ids = [...failed, ...crashed].map(({ requestId }) => requestId);
    for (const events of later) {
      const [report, initStart] = events as [DecodedEvent, DecodedEvent];
      assert.equal(report.type, 'platform.report');
      assert.ok(ids.includes((report.record as { requestId: string }).requestId));
      assert.equal(initStart.type, 'platform.initStart');
      assert.equal((initStart.record as { phase: string }).phase, 'invoke');
      const subscriptions = events.filter(({ type }) => type === 'platform.telemetrySubscription');
      assert.equal(subscriptions.length, 4, 'three subscriptions and another extension’s');
    }
  });

  test('the report of the last invocation comes before the end', async () => {
    const ended = await run!;
    const last = ended.results.at(-1)!.requestId;
    for (const [port, schemaVersion] of Object.entries(telemetryPorts)) {
      const lives = eventsByLife(deliveries(ended), Number(port), schemaVersion);
      const { record } = lives.at(-1)!.findLast(({ type }) => type === 'platform.report')!;
      assert.equal((record as { requestId: string }).requestId, last);
    }
  });

  test('whatever ended an invocation, the quickest hears of it in time', async () => {
    const ended = await run!;
    // Of the life in which the subscriber crashes, nothing is sure to have been sent before.
    const unsure = ended.results.slice(5, 7).map(({ requestId }) => requestId);
    const ends = (all: readonly { readonly type: string; readonly record: unknown }[]) =>
      all
        .filter(({ type }) => type === 'platform.runtimeDone')
        .map(({ record }) => record as { requestId: string; status: string; errorType?: string })
        .filter(({ requestId }) => !unsure.includes(requestId))
        .map(({ requestId, status, errorType }) => [requestId, errorType ?? status]);
    const told = ends(ended.told.all);
    const how = told.map(([, how]) => how).join(' ');
    assert.equal(
      how,
      'success success Sandbox.Timedout success Runtime.ExitError success Runtime.ExitError success',
    );
    assert.match(ended.stderr, /OOM killer/, 'the last error is to have been the memory’s');
    assert.deepEqual(ends(events(deliveries(ended), 4244, '2022-07-01')), told);
  });

  test('the Logs API tells it in its own words', async () => {
    const ended = await run!;
    const all = deliveries(ended, 'logs-subscriber');
    const old = events(all, 4253, '2020-08-15').filter(({ type }) => type !== 'platform.logsDropped');
    const platform = old.filter(({ type }) => type.startsWith('platform.'));
    const [answered, thrown, hung, , exited] = ended.results.map(({ requestId }) =>
      platform.filter(({ record }) => JSON.stringify(record).includes(requestId)).map(({ type }) => type),
    );
    assert.deepEqual(answered, ['platform.start', 'platform.end', 'platform.report']);
    assert.deepEqual(thrown, ['platform.start', 'platform.end', 'platform.report']);
    assert.deepEqual(hung, ['platform.start', 'platform.fault', 'platform.end', 'platform.report']);
    assert.deepEqual(exited, ['platform.start', 'platform.fault', 'platform.end', 'platform.report']);
    const faults = old.filter(({ type }) => type === 'platform.fault').map(({ record }) => String(record));
    assert.match(faults[0]!, /Task timed out after 12\.\d\d seconds/);
    assert.match(faults[1]!, /^RequestId: \S+ Process exited before completing request$/);
    const newer = events(all, 4254, '2021-03-18').filter(({ type }) => type === 'platform.runtimeDone');
    assert.deepEqual(
      newer.slice(0, 5).map(({ record }) => (record as { status: string }).status),
      ['success', 'success', 'timeout', 'success', 'failure'],
    );
    const methods = all.map(({ port, method }) => `${port} ${method}`);
    assert.deepEqual([...new Set(methods)].sort(), ['4253 POST', '4254 PUT']);
  });

  test('batches are sent whole, with their length, to the path asked for', async () => {
    const ended = await run!;
    for (const { method, url, headers, body } of deliveries(ended)) {
      assert.equal(method, 'POST');
      assert.equal(url, '/from-lambda?a=b');
      assert.equal(headers?.['content-type'], 'application/json');
      assert.equal(headers?.['content-length'], String(body.length));
      assert.equal(headers?.['transfer-encoding'], undefined);
      assert.match(headers?.host ?? '', /^sandbox\.localdomain:424[345]$/);
    }
  });
});

/** Every element of `got` once, in the order of `expected`. */
function expectInOrder(got: readonly string[], expected: readonly string[]): void {
  let at = -1;
  for (const event of got) {
    const next = expected.indexOf(event, at + 1);
    assert.ok(next > at, `twice, out of order, or never told: ${event}`);
    at = next;
  }
}

describe('a telemetry subscription', { concurrency: 2 }, () => {
  const body = subscriptionBody({ port: 4243 });

  const refusals = (ended: Ended) => {
    const lines = ended.told.lines('extension').filter((line) => /: \d{3} /.test(line));
    const answers = new Map(lines.map((line) => line.split(/: (?=\d{3} )/, 2) as [string, string]));
    return (label: string, status: number, errorType: string, message: RegExp) => {
      const [, code, text] = /^(\d+) (.*)$/.exec(answers.get(label) ?? '') ?? [];
      assert.equal(Number(code), status, `${label}: ${answers.get(label)}`);
      const answer = JSON.parse(text!);
      assert.deepEqual(Object.keys(answer).sort(), ['errorMessage', 'errorType'], label);
      assert.equal(answer.errorType, errorType, label);
      assert.match(answer.errorMessage, message, label);
    };
  };

  for (const [api, schemaVersion, validation] of [
    ['telemetry', '2022-12-13', 'ValidationError'],
    ['logs', '2021-03-18', 'Logs.ValidationError'],
  ] as const) {
    test(`is answered 200 and "OK" by the ${api} API, and wrong ones are refused in words`, async (t) => {
      const body = subscriptionBody({ port: 4243, schemaVersion });
      const other = api === 'telemetry' ? ('logs' as const) : ('telemetry' as const);
      const tries: readonly Try[] = [
        { label: 'no JSON', api, body: '{' },
        { label: 'empty', api, body: {} },
        { label: 'no types', api, body: { ...body, types: [] } },
        { label: 'unknown type', api, body: { ...body, types: ['platform', 'host'] } },
        { label: 'unknown schema', api, body: { ...body, schemaVersion: '2022-11-11' } },
        { label: 'stranger', api, body, who: 'stranger' as const },
        { label: 'nobody', api, body, who: 'nobody' as const },
        { label: 'garbage', api, body, who: 'garbage' as const },
        { label: 'accepted', api, body },
        { label: 'other API, no JSON', api: other, body: '{' },
      ];
      const lateTries = [
        { label: 'late', api, body },
        { label: 'late, no JSON', api, body: '{' },
        { label: 'late, stranger', api, body: '{', who: 'stranger' as const },
        {
          label: 'late, other API',
          api: other,
          body: subscriptionBody({ port: 4243, schemaVersion: '2022-12-13' }),
        },
      ] as const;
      const ended = await runThaw(t, [
        ...echo,
        ...withSubscriber([{ port: 4243, schemaVersion }], { tries, lateTries }),
      ]);
      expectStatus(ended, 0);
      assert.ok(ended.told.lines('extension').includes('telemetry-subscriber subscribed 4243: 200 "OK"'));
      const refused = refusals(ended);
      refused('no JSON', 400, validation, /JSON object/);
      refused('empty', 400, validation, /destination is not provided; types is not provided/);
      refused('no types', 400, validation, /^types should not be empty$/);
      refused('unknown type', 400, validation, /^types should be of: platform, function, extension$/);
      refused('unknown schema', 400, validation, /^schemaVersion should be one of: /);
      refused('stranger', 403, 'Extension.UnknownExtensionIdentifier', /Unknown extension 7f2c1e9a/);
      refused('nobody', 403, 'Extension.MissingExtensionIdentifier', /Missing Lambda-Extension-Id/);
      refused('garbage', 403, 'Extension.InvalidExtensionIdentifier', /Invalid/);
      const name = { telemetry: 'Telemetry', logs: 'Logs' };
      const closed = (of: 'telemetry' | 'logs') => new RegExp(`^${name[of]} API subscription is closed$`);
      refused('other API, no JSON', 403, `${name[other]}.SubscriptionClosed`, /uses the \w+ API already$/);
      refused('late', 403, `${name[api]}.SubscriptionClosed`, closed(api));
      refused('late, no JSON', 403, `${name[api]}.SubscriptionClosed`, closed(api));
      refused('late, stranger', 403, 'Extension.UnknownExtensionIdentifier', /Unknown extension 7f2c1e9a/);
      if (api === 'logs')
        refused('late, other API', 403, 'Telemetry.SubscriptionClosed', closed('telemetry'));
    });
  }

  test('is refused where its destination or buffering is out of bounds', async (t) => {
    const api = 'telemetry';
    const uri = (URI: string) => ({ ...body, destination: { protocol: 'HTTP', URI } });
    const buffered = (buffering: object) => ({ ...body, buffering });
    const tries = [
      { label: 'no port', api, body: uri('http://sandbox.localdomain') },
      { label: 'elsewhere', api, body: uri('http://192.0.2.1:4243') },
      { label: 'HTTPS', api, body: uri('https://sandbox.localdomain:4243') },
      { label: 'reserved', api, body: uri('http://sandbox.localdomain:9001') },
      { label: 'TCP port', api, body: { ...body, destination: { protocol: 'TCP', port: 70_000 } } },
      { label: 'items', api, body: buffered({ maxItems: 999 }) },
      { label: 'bytes', api, body: buffered({ maxBytes: 1_048_577 }) },
      { label: 'time', api, body: buffered({ timeoutMs: 24 }) },
    ] as const;
    const ended = await runThaw(t, [...echo, ...withSubscriber([], { tries })]);
    expectStatus(ended, 0);
    const refused = (label: string, message: RegExp) =>
      refusals(ended)(label, 400, 'ValidationError', message);
    refused('no port', /^URI port is not provided$/);
    refused('elsewhere', /^URI host should be sandbox\.localdomain or sandbox$/);
    refused('HTTPS', /^URI should be like http:/);
    refused('reserved', /^URI port 9001 is reserved$/);
    refused('TCP port', /^port should be an integer between 1 and 65535$/);
    refused('items', /^maxItems should be an integer between 1000 and 10000$/);
    refused('bytes', /^maxBytes should be an integer between 262144 and 1048576$/);
    refused('time', /^timeoutMs should be an integer between 25 and 30000$/);
  });

  test('blocks the other API for its extension, and no other extension', async (t) => {
    const logs = { ...body, schemaVersion: '2021-03-18' };
    const ended = await runThaw(t, [
      ...echo,
      ...withSubscriber([], {
        tries: [
          { label: 'first', api: 'logs', body: logs },
          { label: 'other', api: 'telemetry', body },
          { label: 'again', api: 'logs', body: logs },
        ],
      }),
    ]);
    expectStatus(ended, 0);
    const [first, other, again] = ended.told.lines('extension');
    assert.equal(first, 'first: 200 "OK"');
    assert.match(other!, /^other: 403 .*"errorType":"Telemetry\.SubscriptionClosed"/);
    assert.equal(again, 'again: 200 "OK"');
  });

  test('is told on the log in Lambda’s words', async (t) => {
    const ended = await runThawAsText(t, [
      ...echo,
      ...copies(t, 'telemetry-subscriber', ['logs-subscriber']),
      ...withSubscriber([{ port: 4243, types: ['extension', 'platform', 'function'] }]),
      ...subscriber('logs-subscriber', [{ port: 4253, schemaVersion: '2020-08-15', types: ['platform'] }]),
    ]);
    expectStatus(ended, 0);
    assert.match(
      ended.stderr,
      /^TELEMETRY\tName: telemetry-subscriber\tState: Subscribed\tTypes: \[Platform, Function, Extension\]$/m,
    );
    assert.match(ended.stderr, /^LOGS\tName: logs-subscriber\tState: Subscribed\tTypes: \[Platform\]$/m);
  });

  test('of an internal extension is served from the beginning of the environment on', async (t) => {
    const args = [functionCode('subscribes-itself'), '--invocations', '3'];
    const ended = await runThaw(t, args);
    expectStatus(ended, 0);
    assert.equal(ended.results[0]?.payload.subscribed, '200 "OK"');
    const got = ended.results
      .flatMap(({ payload }) => payload.bodies as string[])
      .flatMap((text) => decodeStrictly('2022-12-13', text));
    assert.equal(got[0]?.type, 'platform.initStart');
    const told = ended.told.all.map((event) => brief(event as never));
    expectInOrder(got.map(brief), told);
  });

  test('with everything in one invocation: 10,000 lines, in order, over HTTP and over TCP', async (t) => {
    const lines = 10_000;
    const ended = await runThaw(t, [
      functionCode('writes-lines'),
      ...['--event', JSON.stringify({ lines, width: 60 }), '--timeout', '60'],
      ...withSubscriber([{ port: 4243 }, { port: 4244, protocol: 'TCP' }]),
    ]);
    expectStatus(ended, 0);
    const expected = Array.from({ length: lines }, (_, index) => `line ${index + 1}`.padEnd(60, '.'));
    for (const port of [4243, 4244]) {
      const got = events(deliveries(ended), port, '2022-12-13').filter(({ type }) => type === 'function');
      assert.deepEqual(
        got.map(({ record }) => record),
        expected,
      );
    }
    assert.deepEqual(ended.told.records('platform.logsDropped'), []);
  });
});
