import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SubscriptionApi } from '../../domain/story.ts';
import { parseSubscription } from './subscription.ts';

const plain = {
  schemaVersion: '2022-12-13',
  types: ['platform'],
  destination: { protocol: 'HTTP', URI: 'http://sandbox.localdomain:8080' },
};

function parse(body: unknown, api: SubscriptionApi = 'telemetry') {
  return parseSubscription(api, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
}

function message(body: unknown, api: SubscriptionApi = 'telemetry'): string {
  const result = parse(body, api);
  assert.ok('errorType' in result, `accepted: ${JSON.stringify(body)}`);
  assert.equal(result.errorType, api === 'telemetry' ? 'ValidationError' : 'Logs.ValidationError');
  return result.errorMessage;
}

function destination(given: object, api: SubscriptionApi = 'telemetry') {
  const schemaVersion = api === 'logs' ? '2021-03-18' : '2022-07-01';
  const result = parse({ ...plain, schemaVersion, destination: given }, api);
  assert.ok(!('errorType' in result), 'errorMessage' in result ? result.errorMessage : '');
  return result.destination;
}

test('what is absent has its default', () => {
  assert.deepEqual(parse(plain), {
    api: 'telemetry',
    schemaVersion: '2022-12-13',
    types: ['platform'],
    destination: {
      protocol: 'HTTP',
      hostname: 'sandbox.localdomain',
      port: 8080,
      path: '/',
      method: 'POST',
    },
    buffering: { maxItems: 10_000, maxBytes: 262_144, timeoutMs: 1000 },
  });
});

test('each API has its schemas, and only the Logs API a default', () => {
  for (const schemaVersion of ['2025-01-29', '2022-12-13', '2022-07-01']) {
    assert.ok(!('errorType' in parse({ ...plain, schemaVersion })));
    assert.match(
      message({ ...plain, schemaVersion }, 'logs'),
      /^schemaVersion should be one of: 2021-03-18, /,
    );
  }
  for (const schemaVersion of ['2021-03-18', '2020-08-15']) {
    assert.ok(!('errorType' in parse({ ...plain, schemaVersion }, 'logs')));
    assert.match(message({ ...plain, schemaVersion }), /^schemaVersion should be one of: 2025-01-29, /);
  }
  const { schemaVersion: _, ...unversioned } = plain;
  const logs = parse(unversioned, 'logs');
  assert.equal('schemaVersion' in logs && logs.schemaVersion, '2020-08-15');
  assert.equal(message(unversioned), 'schemaVersion is not provided');
});

test('everything that is wrong is said at once', () => {
  const destination = { protocol: 'HTTP', URI: 'http://sandbox.localdomain' };
  assert.equal(
    message({ schemaVersion: '2022-07-01', types: [], destination }),
    'URI port is not provided; types should not be empty',
  );
  assert.equal(
    message({ buffering: { maxItems: 999, maxBytes: 1_048_577, timeoutMs: 24.5 } }),
    'schemaVersion is not provided; destination is not provided; types is not provided; ' +
      'maxItems should be an integer between 1000 and 10000; ' +
      'maxBytes should be an integer between 262144 and 1048576; ' +
      'timeoutMs should be an integer between 25 and 30000',
  );
  assert.match(message({ ...plain, types: ['platform', 'metrics'] }), /^types should be of: /);
  assert.match(message({ ...plain, types: 'platform' }), /^types should be an array$/);
  for (const body of ['', '{', '[]', 'null', '"x"']) {
    assert.equal(message(body), 'request body should be a JSON object');
  }
});

test('buffering may be partial, and its ends belong to the range', () => {
  const buffering = (given: object | null) => {
    const result = parse({ ...plain, buffering: given });
    assert.ok('buffering' in result);
    return result.buffering;
  };
  const defaults = { maxItems: 10_000, maxBytes: 262_144, timeoutMs: 1000 };
  assert.deepEqual(buffering({ timeoutMs: 25 }), { ...defaults, timeoutMs: 25 });
  assert.deepEqual(buffering({ maxItems: null }), defaults);
  assert.deepEqual(buffering(null), defaults);
  const most = { maxItems: 10_000, maxBytes: 1_048_576, timeoutMs: 30_000 };
  assert.deepEqual(buffering(most), most);
  assert.match(message({ ...plain, buffering: { timeoutMs: 30_001 } }), /^timeoutMs/);
  assert.match(message({ ...plain, buffering: { timeoutMs: '25' } }), /^timeoutMs/);
  assert.match(message({ ...plain, buffering: [] }), /^buffering should be an object$/);
});

test('types come once each', () => {
  const result = parse({ ...plain, types: ['function', 'platform', 'function'] });
  assert.deepEqual('types' in result && result.types, ['platform', 'function']);
});

test('an HTTP destination is inside the environment and names its port', () => {
  const http = (URI: string) => destination({ protocol: 'HTTP', URI });
  const place = { protocol: 'HTTP', method: 'POST' };
  assert.deepEqual(http('http://sandbox:80/a%20b?c=d#e'), {
    ...place,
    hostname: 'sandbox',
    port: 80,
    path: '/a%20b?c=d',
  });
  assert.deepEqual(http('HTTP://Sandbox.localdomain:65535'), {
    ...place,
    hostname: 'sandbox.localdomain',
    port: 65_535,
    path: '/',
  });
  const refused = (URI: unknown) => message({ ...plain, destination: { protocol: 'HTTP', URI } });
  assert.equal(refused(undefined), 'URI is not provided');
  assert.equal(refused('http://sandbox/:8080'), 'URI port is not provided');
  assert.equal(refused('http://sandbox:9001'), 'URI port 9001 is reserved');
  assert.match(refused('http://sandbox:0'), /^URI port should be an integer between 1 and 65535$/);
  for (const host of [
    'localhost',
    '127.0.0.1',
    'example.com',
    'me@sandbox',
    'sandbox.localdomain.example.com',
  ]) {
    assert.match(refused(`http://${host}:8080`), /^URI host should be sandbox.localdomain or sandbox$/);
  }
  for (const URI of ['https://sandbox:8080', 'sandbox:8080', 'http://sandbox:65536', 5]) {
    assert.match(refused(URI), /^URI should be like http:/);
  }
});

test('only the Logs API chooses method and encoding', () => {
  const put = { protocol: 'HTTP', URI: 'http://sandbox:8080', method: 'PUT', encoding: 'JSON' };
  const [logs, telemetry] = [destination(put, 'logs'), destination(put, 'telemetry')];
  assert.equal(logs.protocol === 'HTTP' && logs.method, 'PUT');
  assert.equal(telemetry.protocol === 'HTTP' && telemetry.method, 'POST');
  const body = (more: object) => ({
    ...plain,
    schemaVersion: '2021-03-18',
    destination: { ...put, ...more },
  });
  assert.match(message(body({ method: 'GET' }), 'logs'), /^destination method should be POST or PUT$/);
  assert.match(message(body({ encoding: 'XML' }), 'logs'), /^destination encoding should be JSON$/);
});

test('a TCP destination has a port, or a URI with one', () => {
  assert.deepEqual(destination({ protocol: 'TCP', port: 1 }), { protocol: 'TCP', port: 1 });
  for (const scheme of ['tcp', 'http']) {
    const URI = `${scheme}://sandbox.localdomain:9999`;
    assert.deepEqual(destination({ protocol: 'TCP', URI }), { protocol: 'TCP', port: 9999 });
  }
  const refused = (given: object) => message({ ...plain, destination: { protocol: 'TCP', ...given } });
  assert.equal(refused({}), 'port is not provided');
  assert.equal(refused({ port: 9001 }), 'port 9001 is reserved');
  for (const port of [0, 65_536, 1.5, '80', true, {}]) {
    assert.equal(refused({ port }), 'port should be an integer between 1 and 65535');
  }
  assert.match(refused({ URI: 'tcp://example.com:1' }), /^URI host/);
  assert.match(message({ ...plain, destination: { protocol: 'UDP' } }), /^destination protocol should be/);
  assert.match(message({ ...plain, destination: 'TCP' }), /^destination should be an object$/);
});

test('any JSON is a subscription or an error with a message', () => {
  const value = fc.jsonValue();
  const anything = fc.oneof(
    value,
    fc.record(
      {
        schemaVersion: fc.oneof(fc.constant('2022-12-13'), value),
        types: fc.oneof(fc.constant(['function']), value),
        destination: fc.oneof(
          value,
          fc.record({
            protocol: fc.constantFrom('HTTP', 'TCP'),
            URI: fc.oneof(fc.webUrl({ validSchemes: ['http', 'tcp'] }), fc.string(), value),
            port: fc.oneof(fc.integer(), value),
          }),
        ),
        buffering: value,
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(anything, fc.constantFrom<SubscriptionApi[]>('telemetry', 'logs'), (body, api) => {
      const result = parse(JSON.stringify(body), api);
      if ('errorType' in result) assert.notEqual(result.errorMessage, '');
      else assert.ok(result.types.length > 0 && result.destination.port > 0);
    }),
  );
});
