import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { CreateFunctionCommand, DeleteFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import fc from 'fast-check';
import { type ApiRequest, apiRequests, garbage } from './support/api-requests.ts';
import { functionCode } from './support/packages.ts';
import { deploy, type RunningService, role, startService, zipped } from './support/running-service.ts';
import { type AccountKeys, signedHeaders } from './support/signed-headers.ts';

const seed = Number(process.env.THAW_TEST_SEED ?? 20_260_105);
/** Of each test: a minute and more on a busy machine. */
const timeout = 240_000;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

test(`requests of every kind to the API: each is served or refused as Lambda refuses (seed ${seed})`, {
  timeout,
}, async (t) => {
  const service = await fuzzedService(t);
  const keys = JSON.parse(readFileSync(`${service.dataDirectory}/keys.json`, 'utf8')) as AccountKeys;
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const counts: Record<string, number> = {};
  const property = fc.asyncProperty(apiRequests, async (request) => {
    const headers = await headersOf(request, keys, new URL(service.url).host);
    const answer = await exchange(service, agent, request, headers);
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
    expectServedOrRefused(request, answer);
    await expectGoodRequestServed(service);
  });
  await fc.assert(property, { seed, numRuns: 600, endOnFailure: true });
  t.diagnostic(`answers by status: ${JSON.stringify(counts)}`);
  for (const status of [200, 400, 403, 404]) assert.ok(counts[status]! > 5, JSON.stringify(counts));
  await expectUnharmed(service);
});

test(`what is no HTTP: a 4xx or a closed connection (seed ${seed})`, { timeout }, async (t) => {
  const service = await fuzzedService(t);
  let answers = 0;
  const property = fc.asyncProperty(garbage, async (bytes) => {
    const text = await rawExchange(new URL(service.url), bytes);
    if (text !== '') {
      answers += 1;
      const [, status, body] = /^HTTP\/1\.1 (4\d\d) [\s\S]*?\r\n\r\n([\s\S]*)$/.exec(text) ?? [];
      assert.ok(status !== undefined, `${bytes.subarray(0, 200)} → ${text}`);
      assert.ok(body !== undefined && body.length > 0 && body.length < 1000, text);
    }
    await expectGoodRequestServed(service);
  });
  await fc.assert(property, { seed, numRuns: 150, endOnFailure: true });
  assert.ok(answers > 20, `${answers} answers`);
  await expectUnharmed(service);
});

test(`archives of every kind: a function, or a refusal that says why (seed ${seed})`, {
  timeout,
}, async (t) => {
  const service = await fuzzedService(t);
  const good = await zipped(t, functionCode('echo'));
  const counts = { created: 0, refused: 0 };
  const property = fc.asyncProperty(bentArchives(good), async (ZipFile) => {
    const FunctionName = 'uploaded';
    const settings = { Runtime: 'nodejs24.x', Handler: 'index.handler', Role: role } as const;
    try {
      await service.client.send(new CreateFunctionCommand({ FunctionName, Code: { ZipFile }, ...settings }));
      counts.created += 1;
      await service.client.send(new DeleteFunctionCommand({ FunctionName }));
    } catch (error) {
      const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
      assert.equal($metadata?.httpStatusCode, 400, `${name}: ${message}`);
      assert.equal(name, 'InvalidParameterValueException', message);
      assert.match(
        message,
        /^(Could not unzip uploaded file|Uploaded file must be a non-empty zip|Unzipped size)/,
      );
      counts.refused += 1;
    }
    await expectGoodRequestServed(service);
  });
  await fc.assert(property, { seed, numRuns: 200, endOnFailure: true });
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.created > 0 && counts.refused > 20, JSON.stringify(counts));
  await expectUnharmed(service);
});

/** With a function that the requests are about, and one that nothing of them may reach. */
async function fuzzedService(t: TestContext): Promise<RunningService> {
  const service = await startService(t);
  const archive = await zipped(t, functionCode('echo'));
  await deploy(service, 'fuzzed', archive);
  await deploy(service, 'bystander', archive);
  return service;
}

async function headersOf(
  request: ApiRequest,
  keys: AccountKeys,
  host: string,
): Promise<Record<string, string>> {
  const { signature, headers, body } = request;
  const unsigned = { ...headers, host, 'content-length': String(body.length) };
  if (signature === 'none') return unsigned;
  if (signature === 'nonsense') return { ...unsigned, authorization: 'AWS4-HMAC-SHA256 Credential=, x' };
  const other = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: keys.secretAccessKey };
  const signingDate = new Date(Date.now() - (signature === 'old' ? 3_600_000 : 0));
  const signedBody = signature === 'other body' ? Buffer.concat([body, Buffer.from(' ')]) : body;
  let signed: Record<string, string>;
  try {
    const signer = signature === 'other key' ? other : keys;
    signed = await signedHeaders(signer, { ...request, host, body: signedBody }, signingDate);
  } catch (error) {
    // No SDK could send it: nothing that would be a signature belongs to it.
    if (error instanceof URIError) return unsigned;
    throw error;
  }
  const authorization = signed.authorization!;
  const bent = authorization.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  return {
    ...signed,
    'content-length': String(body.length),
    authorization: signature === 'bent' ? bent : authorization,
  };
}

function exchange(
  { url }: RunningService,
  agent: Agent,
  { method, rawUrl, body }: ApiRequest,
  headers: Record<string, string>,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, agent, method, path: rawUrl, headers }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      res.on('error', reject);
      res.on('end', () => resolve({ status: res.statusCode!, headers: res.headers, text }));
    });
    sent.setTimeout(20_000, () => sent.destroy(new Error(`${method} ${rawUrl} was not answered`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

function expectServedOrRefused(request: ApiRequest, { status, headers, text }: Answer): void {
  const { method, rawUrl, body, signature } = request;
  const what = `${method} ${rawUrl.slice(0, 300)}, signature ${signature}, ${body.subarray(0, 300)} → ${status} ${text.slice(0, 500)}`;
  assert.ok(status < 500, what);
  if (status < 300) {
    assert.equal(signature, 'good', what);
    return;
  }
  assert.ok(status >= 400, what);
  if (method === 'HEAD') return;
  assert.match(String(headers['x-amzn-errortype']), /^[A-Z]\w+$/, what);
  const refusal = JSON.parse(text) as { message?: unknown; Message?: unknown };
  assert.equal(typeof (refusal.message ?? refusal.Message), 'string', what);
  assert.doesNotMatch(text, /node_modules|\.ts:\d|at async/, what);
}

/** @returns what came until the connection was closed, or until nothing more is to be expected. */
function rawExchange({ hostname, port }: URL, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const end = () => {
      socket.destroy();
      resolve(text);
    };
    // Half a request is waited for longer than it is worth.
    socket.setTimeout(1000, end);
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      // Of an answer that began, the rest is on its way.
      socket.setTimeout(isWhole(text) ? 50 : 20_000);
    });
    socket.once('error', end);
    socket.once('close', end);
  });
}

function isWhole(text: string): boolean {
  const [head, length] = /^[\s\S]*?\r\ncontent-length: (\d+)\r\n[\s\S]*?\r\n\r\n/i.exec(text) ?? [];
  return head !== undefined && text.length >= head.length + Number(length);
}

function bentArchives(good: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat({ max: good.length - 1 });
  const flips = fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 });
  const names = fc.constantFrom(
    '../ex.js',
    '/etc/x.s',
    'index/..',
    '..\\ex.js',
    'a/../../',
    '\0ndex.js',
    './//.//',
  );
  return fc.oneof(
    { weight: 5, arbitrary: flips.map((all) => flipped(good, all)) },
    { weight: 1, arbitrary: place.map((length) => good.subarray(0, length)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.constant(Buffer.concat([good, good])) },
    // Of the same length as the name that is there: nothing else of the archive changes.
    { weight: 2, arbitrary: names.map((name) => renamed(good, 'index.js', name)) },
  );
}

function flipped(archive: Buffer, flips: readonly (readonly [at: number, value: number])[]): Buffer {
  const bent = Buffer.from(archive);
  for (const [at, value] of flips) bent[at] = value;
  return bent;
}

function renamed(archive: Buffer, from: string, to: string): Buffer {
  return Buffer.from(archive.toString('latin1').replaceAll(from, to), 'latin1');
}

async function expectGoodRequestServed({ client }: RunningService): Promise<void> {
  const answer = await client.send(new InvokeCommand({ FunctionName: 'bystander', Payload: '{"good":1}' }));
  assert.equal(answer.Payload?.transformToString(), '{"good":1}');
}

/** No fault was written to its log, and it ends in order. */
async function expectUnharmed(service: RunningService): Promise<void> {
  assert.equal(await service.down(), 0);
  assert.doesNotMatch(service.stderr, /request [0-9a-f-]{36}: |\n +at /, service.stderr);
}
