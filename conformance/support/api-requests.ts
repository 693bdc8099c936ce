import fc from 'fast-check';

/** One request to the Lambda API, well or badly made. */
export interface ApiRequest {
  readonly method: string;
  readonly rawUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signature: 'good' | 'none' | 'other key' | 'old' | 'other body' | 'bent' | 'nonsense';
}

/** Paths of the API; what is between braces is filled in. */
const endpoints = [
  ['GET', '/2015-03-31/functions/'],
  ['POST', '/2015-03-31/functions'],
  ['GET', '/2015-03-31/functions/{name}'],
  ['DELETE', '/2015-03-31/functions/made'],
  ['GET', '/2015-03-31/functions/{name}/configuration'],
  ['PUT', '/2015-03-31/functions/{name}/configuration'],
  ['PUT', '/2015-03-31/functions/{name}/code'],
  ['GET', '/2015-03-31/functions/{name}/versions'],
  ['POST', '/2015-03-31/functions/{name}/versions'],
  ['POST', '/2015-03-31/functions/{name}/aliases'],
  ['PUT', '/2015-03-31/functions/{name}/aliases/{name}'],
  ['POST', '/2015-03-31/functions/{name}/policy'],
  ['GET', '/2015-03-31/functions/{name}/policy'],
  ['DELETE', '/2015-03-31/functions/{name}/policy/{name}'],
  ['POST', '/2015-03-31/functions/{name}/invocations'],
  ['POST', '/2014-11-13/functions/{name}/invoke-async'],
  ['POST', '/2021-11-15/functions/{name}/response-streaming-invocations'],
  ['PUT', '/2017-10-31/functions/{name}/concurrency'],
  ['PUT', '/2019-09-25/functions/{name}/event-invoke-config'],
  ['POST', '/2021-10-31/functions/{name}/url'],
  ['POST', '/2018-10-31/layers/{name}/versions'],
  ['GET', '/2018-10-31/layers'],
  ['GET', '/2018-10-31/layers?find=LayerVersion'],
  ['DELETE', '/2018-10-31/layers/{name}/versions/{name}'],
  ['GET', '/2017-03-31/tags/{name}'],
  ['POST', '/2017-03-31/tags/{name}'],
  ['POST', '/2015-03-31/event-source-mappings/'],
  ['POST', '/2020-04-22/code-signing-configs/'],
  ['POST', '/'],
] as const;
const segment = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('fuzzed', 'fuzzed:1', 'fuzzed:$LATEST', '123456789012:function:fuzzed'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('..', '.', '%2e%2e', '%00', '%zz', '%', '%2F', '%C3%28', '', '-1', '1e9'),
  },
  { weight: 1, arbitrary: fc.constant('arn:aws:lambda:us-east-1:123456789012:function:fuzzed:live') },
  { weight: 1, arbitrary: fc.constant('a'.repeat(3000)) },
  { weight: 1, arbitrary: fc.stringMatching(/^[!-~]{0,80}$/) },
);
const parameter = fc
  .tuple(
    fc.constantFrom(
      'Qualifier',
      'MaxItems',
      'Marker',
      'FunctionVersion',
      'RevisionId',
      'Arn',
      'tagKeys',
      'x',
    ),
    fc.oneof(segment, fc.constantFrom('0', '-1', '10001', '1e3', 'AAAA', 'bnVsbA', 'WzFd', 'W10', 'null')),
  )
  .map(([name, value]) => `${name}=${value.replace(/[ #]/g, '_')}`);
const target = fc
  .tuple(
    fc.constantFrom(...endpoints),
    fc.array(segment, { minLength: 2, maxLength: 2 }),
    fc.oneof(fc.constant([]), fc.array(parameter, { maxLength: 3 })),
  )
  .map(([[method, path], segments, parameters]) => {
    const filled = [...segments].reduce((text, name) => text.replace('{name}', () => name), path as string);
    const query = parameters.length === 0 ? '' : `${filled.includes('?') ? '&' : '?'}${parameters.join('&')}`;
    return { method: method as string, rawUrl: filled + query };
  });
const odd = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'DELETE', 'POST'),
  rawUrl: fc.oneof(
    fc.stringMatching(/^\/[!-~]{0,60}$/),
    target.map(({ rawUrl }) => rawUrl),
  ),
});

const header = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        ...['x-amz-invocation-type', 'x-amz-log-type', 'x-amz-client-context', 'content-type', 'if-match'],
        ...[
          'x-amz-content-sha256',
          'content-encoding',
          'x-amz-decoded-content-length',
          'x-amz-security-token',
        ],
        ...['origin', 'accept', 'x-forwarded-for', 'x-amzn-trace-id', 'x-amz-tenant-id'],
      ),
      fc.oneof(
        fc.constantFrom(
          'RequestResponse',
          'Event',
          'DryRun',
          'Tail',
          'application/json',
          'aws-chunked',
          'e30=',
        ),
        fc.constantFrom('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'UNSIGNED-PAYLOAD', '-1', 'gzip'),
        fc.stringMatching(/^[!-~]{0,60}$/),
      ),
    )
    .map(([name, value]) => ({ [name]: value })),
  fc.constantFrom(500, 20_000).map((length) => ({ 'x-amz-long': 'y'.repeat(length) })),
);

/** Members that inputs have, each with something that a service may take. */
const plausible: Readonly<Record<string, unknown>> = {
  FunctionName: 'made',
  Runtime: 'nodejs24.x',
  Role: 'arn:aws:iam::123456789012:role/r',
  Handler: 'index.handler',
  Description: 'made',
  Timeout: 3,
  MemorySize: 128,
  Publish: true,
  Code: { ZipFile: 'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==' },
  ZipFile: 'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==',
  Layers: ['arn:aws:lambda:us-east-1:123456789012:layer:made:1'],
  Environment: { Variables: { MADE: 'yes' } },
  Tags: { made: 'yes' },
  EphemeralStorage: { Size: 512 },
  LoggingConfig: { LogFormat: 'JSON' },
  Name: 'live',
  FunctionVersion: '$LATEST',
  RoutingConfig: { AdditionalVersionWeights: { '1': 0.5 } },
  StatementId: 'made',
  Action: 'lambda:InvokeFunction',
  Principal: '123456789012',
  ReservedConcurrentExecutions: 1,
  MaximumRetryAttempts: 1,
  AuthType: 'NONE',
  VpcConfig: {},
  PackageType: 'Zip',
  DestinationConfig: {},
};
const knownMembers = fc.record(
  Object.fromEntries(
    Object.entries(plausible).map(([name, value]) => [
      name,
      fc.oneof(
        { weight: 12, arbitrary: fc.constant(value) },
        { weight: 1, arbitrary: fc.anything({ maxDepth: 3 }) },
      ),
    ]),
  ),
  { requiredKeys: [] },
);
/** What members are there, and of what kind: one operation's, or of any. */
const chosenMembers = fc.oneof(
  knownMembers,
  fc
    .constantFrom(
      ['Description', 'Timeout', 'MemorySize', 'Environment'],
      ['Name', 'FunctionVersion', 'Description'],
      ['StatementId', 'Action', 'Principal'],
      ['ReservedConcurrentExecutions'],
      ['MaximumRetryAttempts'],
      ['AuthType'],
      ['FunctionName', 'Runtime', 'Role', 'Handler', 'Code'],
    )
    .chain((names) => knownMembers.map((all) => pick(all, names))),
);
const body = fc.oneof(
  { weight: 6, arbitrary: chosenMembers.map(asJson) },
  { weight: 2, arbitrary: fc.json().map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        ...[
          '',
          '{',
          'null',
          '[]',
          '"',
          '{"a":1}{',
          '\ufeff{}',
          '{"__proto__":{"FunctionName":"x"}}',
          '1e999',
        ],
        ...[
          '{"FunctionName":"a","FunctionName":"b"}',
          '{"constructor":{"prototype":1}}',
          '{"Timeout":1e400}',
        ],
        ...['[', '{"Environment":'].map((opening) => opening.repeat(50_000)),
        JSON.stringify({ Description: 'd'.repeat(1_100_000) }),
      )
      .map((text) => Buffer.from(text)),
  },
);

export const apiRequests: fc.Arbitrary<ApiRequest> = fc
  .record({
    target: fc.oneof({ weight: 5, arbitrary: target }, { weight: 1, arbitrary: odd }),
    headers: fc.oneof(fc.constant([]), fc.array(header, { maxLength: 3 })),
    body,
    signature: fc.constantFrom(
      ...(['good', 'good', 'good', 'good', 'good', 'good'] as const),
      ...(['none', 'other key', 'old', 'other body', 'bent', 'nonsense'] as const),
    ),
  })
  .map(({ target, headers, body, signature }) => ({
    ...target,
    headers: Object.assign({}, ...headers),
    body: target.method === 'GET' || target.method === 'HEAD' ? Buffer.alloc(0) : body,
    signature,
  }));

/** What is no request at all, or breaks a rule of HTTP. */
export const garbage: fc.Arbitrary<Buffer> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        'GET\r\n\r\n',
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        'CONNECT somewhere:80 HTTP/1.1\r\nHost: x\r\n\r\n',
        'GET /2015-03-31/functions HTTP/0.9\r\n\r\n',
        'GET /2015-03-31/functions HTTP/1.1\r\n\r\n',
        'GET /2015-03-31/functions HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
        'GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n',
        'POST /2015-03-31/functions HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
        'POST /2015-03-31/functions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        'POST /2015-03-31/functions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
        'POST /2015-03-31/functions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
        '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
        `GET /2015-03-31/functions HTTP/1.1\r\nHost: x\r\nX-Large: ${'y'.repeat(100_000)}\r\n\r\n`,
        `GET /${'y'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
        'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
        'GET /healthz HTTP/1.1\r\nHost: attacker.example\r\n\r\n',
      )
      .map((text) => Buffer.from(text, 'latin1')),
  },
);

function pick(all: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, name in all ? all[name] : plausible[name]]));
}

/** What JSON cannot say is left out or null. */
function asJson(value: unknown): Buffer {
  const text = JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? String(field) : field));
  return Buffer.from(text ?? 'null');
}
