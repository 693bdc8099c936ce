import fc from 'fast-check';

/** One request to an inner API, as `fires-requests` sends it. */
export interface FuzzRequest {
  readonly head: string;
  /** Base64. */
  readonly body: string;
  /** Bytes that follow the body. */
  readonly fill: number;
  readonly cut: boolean;
  /** How long an answer is waited for: twice, which is less than an invocation may take. */
  readonly patienceMs: number;
  /** What was asked; undefined where it is no request that HTTP knows, or breaks off. */
  readonly asked?: { readonly method: string; readonly path: string };
}

/** What the inner APIs serve, and one path that looks as if. */
const endpoints = [
  ['GET', '/2018-06-01/runtime/invocation/next'],
  ['POST', '/2018-06-01/runtime/invocation/{request}/response'],
  ['POST', '/2018-06-01/runtime/invocation/{request}/error'],
  ['POST', '/2018-06-01/runtime/invocation/nobody/response'],
  ['POST', '/2018-06-01/runtime/init/error'],
  ['GET', '/2018-06-01/runtime/restore/next'],
  ['GET', '/2018-06-01/ping'],
  ['POST', '/2020-01-01/extension/register'],
  ['GET', '/2020-01-01/extension/event/next'],
  ['POST', '/2020-01-01/extension/init/error'],
  ['POST', '/2020-01-01/extension/exit/error'],
  ['PUT', '/2020-08-15/logs'],
  ['PUT', '/2022-07-01/telemetry'],
  ['PUT', '/2022-07-01/telemetry/'],
  ['GET', '/2026-01-15/metadata/execution-environment'],
] as const;
const endpoint = fc.constantFrom(...endpoints).map(([method, path]) => ({ method: method as string, path }));
const method = fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', 'DELETE', 'PATCH', 'OPTIONS');
const odd = fc.oneof(
  fc.stringMatching(/^\/[!-~]{0,60}$/),
  fc.tuple(endpoint, fc.stringMatching(/^[!-~]{1,8}$/)).map(([{ path }, more]) => path + more),
);
const target = fc.oneof(
  { weight: 6, arbitrary: endpoint },
  { weight: 2, arbitrary: fc.record({ method, path: endpoint.map(({ path }) => path as string) }) },
  { weight: 1, arbitrary: fc.record({ method, path: odd }) },
);
const printable = fc.stringMatching(/^[ -~]{0,80}$/);
const identifier = fc.oneof(
  { weight: 4, arbitrary: fc.constant('{extension}') },
  { weight: 1, arbitrary: fc.uuid() },
  { weight: 1, arbitrary: printable },
);
const header = fc.oneof(
  { weight: 6, arbitrary: identifier.map((value) => `Lambda-Extension-Identifier: ${value}`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('fuzzer', 'other', '').map((name) => `Lambda-Extension-Name: ${name}`),
  },
  { weight: 1, arbitrary: printable.map((name) => `Lambda-Extension-Name: ${name}`) },
  { weight: 1, arbitrary: printable.map((type) => `Lambda-Extension-Function-Error-Type: ${type}`) },
  { weight: 1, arbitrary: printable.map((type) => `Lambda-Runtime-Function-Error-Type: ${type}`) },
  { weight: 1, arbitrary: printable.map((mode) => `Lambda-Runtime-Function-Response-Mode: ${mode}`) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('application/vnd.aws.lambda.error.cause+json', 'text/plain', '')
      .map((type) => `Content-Type: ${type}`),
  },
  { weight: 1, arbitrary: printable.map((token) => `Authorization: ${token}`) },
  { weight: 1, arbitrary: fc.constant('Connection: Upgrade\r\nUpgrade: h2c') },
  { weight: 1, arbitrary: fc.constant('Connection: close') },
  { weight: 1, arbitrary: fc.constant('Expect: 100-continue') },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.stringMatching(/^X-[a-z]{1,10}$/), fc.integer({ max: 200_000, min: 0 }))
      .map(([name, length]) => `${name}: ${'y'.repeat(length)}`),
  },
);
const subscription = fc.record(
  {
    schemaVersion: fc.oneof(fc.constantFrom('2022-12-13', '2021-03-18'), fc.anything()),
    types: fc.oneof(fc.constant(['platform', 'function']), fc.anything()),
    destination: fc.oneof(
      fc.constant({ protocol: 'HTTP', URI: 'http://sandbox.localdomain:4243' }),
      fc.constant({ protocol: 'TCP', port: 4244 }),
      fc.record({
        protocol: fc.constantFrom('HTTP', 'TCP'),
        URI: fc.oneof(fc.webUrl(), fc.string()),
        port: fc.anything(),
      }),
      fc.anything(),
    ),
    buffering: fc.oneof(fc.record({ timeoutMs: fc.anything(), maxItems: fc.integer() }), fc.anything()),
  },
  { requiredKeys: [] },
);
const registration = fc.record(
  {
    events: fc.oneof(fc.constantFrom(['INVOKE'], ['INVOKE', 'SHUTDOWN'], []), fc.anything()),
    configurationKeys: fc.anything(),
  },
  { requiredKeys: ['events'] },
);
const body = fc.oneof(
  fc.oneof(subscription, registration, fc.object()).map(asJson),
  fc.json().map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.constant(Buffer.alloc(0)),
);
const fill = fc.oneof(
  { weight: 20, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(300_000, 6_291_556, 7_000_000) },
);
const framing = fc.constantFrom('length', 'length', 'length', 'chunked', 'too long', 'cut');

const request = fc
  .record({
    target,
    headers: fc.array(header, { maxLength: 5 }),
    body,
    fill,
    framing,
  })
  .map(({ target: { method, path }, headers, body, fill, framing }): FuzzRequest => {
    const start = [`${method} ${path} HTTP/1.1`, 'Host: sandbox', ...headers];
    // Nothing has to answer a poll, or what breaks off.
    const polls = method === 'GET' && /\/(invocation|event)\/next(\?.*)?$/.test(path);
    const patienceMs = polls || framing === 'cut' || framing === 'too long' ? 20 : 10_000;
    if (framing === 'chunked') {
      const chunks = Buffer.concat([
        Buffer.from(`${body.length.toString(16)}\r\n`),
        body,
        Buffer.from('\r\n0\r\n\r\n'),
      ]);
      const whole = body.length === 0 ? Buffer.from('0\r\n\r\n') : chunks;
      return {
        head: headOf(start, 'Transfer-Encoding: chunked'),
        body: whole.toString('base64'),
        fill: 0,
        cut: false,
        patienceMs,
        asked: { method, path },
      };
    }
    const length = body.length + fill + (framing === 'too long' ? 10 : 0);
    const head = headOf(start, `Content-Length: ${length}`);
    const broken = framing === 'cut' || framing === 'too long';
    return {
      head: framing === 'cut' ? head.slice(0, Math.floor(head.length / 2)) : head,
      body: framing === 'cut' ? '' : body.toString('base64'),
      fill: framing === 'cut' ? 0 : fill,
      cut: broken,
      patienceMs,
      ...(!broken && { asked: { method, path } }),
    };
  });
const garbage = fc
  .oneof(
    fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        'GET\r\n\r\n',
        'CONNECT sandbox:80 HTTP/1.1\r\nHost: x\r\n\r\n',
        'POST /2020-01-01/extension/register HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        'POST /2020-01-01/extension/register HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
        'PUT /2022-07-01/telemetry HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        'GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n',
        'GET /2018-06-01/ping HTTP/0.9\r\n\r\n',
      )
      .map((text) => Buffer.from(text)),
    fc.constant(
      Buffer.from(`GET /2018-06-01/ping HTTP/1.1\r\nHost: x\r\nX-Large: ${'y'.repeat(1_500_000)}\r\n\r\n`),
    ),
  )
  .map(
    (bytes): FuzzRequest => ({
      head: '',
      body: bytes.toString('base64'),
      fill: 0,
      cut: true,
      patienceMs: 20,
    }),
  );

/** What a program in an environment may do to the inner APIs, in good and in bad faith. */
export const fuzzRequests = fc.array(
  fc.oneof({ weight: 8, arbitrary: request }, { weight: 1, arbitrary: garbage }),
  { minLength: 1, maxLength: 25 },
);

function headOf(lines: readonly string[], framing: string): string {
  return `${[...lines, framing].join('\r\n')}\r\n\r\n`;
}

/** What JSON cannot say is left out or null. */
function asJson(value: unknown): Buffer {
  const text = JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? String(field) : field));
  return Buffer.from(text ?? 'null');
}
