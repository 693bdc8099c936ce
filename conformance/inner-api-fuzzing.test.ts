import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type FuzzRequest, fuzzRequests } from './support/inner-api-requests.ts';
import { packageOf } from './support/packages.ts';
import { type LiveEnvironment, openSharedThaw } from './support/shared-thaw.ts';

const seed = 20260105;

interface Outcome {
  readonly index: number;
  readonly how: 'answered' | 'closed' | 'waiting';
  readonly status?: number;
  readonly body?: string;
}

describe('requests of every kind to the inner APIs', () => {
  test('in invocations: each answer is a documented one, and neither Thaw nor another environment is harmed', {
    timeout: 240_000,
  }, async (t) => {
    const thaw = await openSharedThaw(t);
    const fuzzed = await thaw.environmentOf('fires-requests');
    const bystander = await busyBystander(await thaw.environmentOf('echo'));
    await fuzzed.environment.open();
    const sent: FuzzRequest[] = [];
    const property = fc.asyncProperty(fuzzRequests, async (requests) => {
      const before = fuzzed.story.length;
      // What becomes of this invocation is its own affair: the requests may answer it, or end the environment.
      await fuzzed.invoke({ requests: asSent(requests, sent) });
      expectDocumented(sent, outcomes(fuzzed, before));
    });
    await fc.assert(property, { seed, numRuns: 250, endOnFailure: true });
    const answers = outcomes(fuzzed, 0).filter(({ status }) => status !== undefined).length;
    t.diagnostic(`${answers} answers`);
    assert.ok(answers > 200, `only ${answers} answers`);
    await bystander.stop();
  });

  test('in Init', { timeout: 240_000 }, async (t) => {
    const thaw = await openSharedThaw(t);
    const bystander = await busyBystander(await thaw.environmentOf('echo'));
    let answers = 0;
    for (const requests of fc.sample(fuzzRequests, { seed, numRuns: 12 })) {
      const layer = packageOf(t, { 'requests.json': JSON.stringify(asSent(requests, [])) });
      const fuzzed = await thaw.environmentOf('fires-requests', { layerDirs: [layer] });
      await fuzzed.environment.open();
      answers += expectDocumented(requests, outcomes(fuzzed, 0));
      await fuzzed.environment.kill();
    }
    t.diagnostic(`${answers} answers`);
    assert.ok(answers > 20, `only ${answers} answers`);
    await bystander.stop();
  });
});

/** An environment that is invoked again and again, and has to answer every time. */
async function busyBystander({ environment, invoke, story }: LiveEnvironment) {
  assert.equal(await environment.open(), undefined);
  let stopped = false;
  let invocations = 0;
  const busy = (async () => {
    while (!stopped) {
      const { outcome, payload } = await invoke({ invocations });
      assert.equal(`${outcome} ${payload}`, `ok {"invocations":${invocations}}`);
      invocations += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  // Told where it is awaited.
  busy.catch(() => {});
  return {
    stop: async () => {
      stopped = true;
      await busy;
      assert.ok(invocations > 20, `the other environment was invoked ${invocations} times only`);
      assert.deepEqual(
        story.filter(({ type }) => type === 'thaw.diagnosis'),
        [],
      );
      assert.equal(story.filter(({ type }) => type === 'platform.initStart').length, 1);
    },
  };
}

/** The requests as the function takes them, numbered on from those in `sent`, where they are added. */
function asSent(requests: readonly FuzzRequest[], sent: FuzzRequest[]) {
  return requests.map((request) => {
    const { asked, ...rest } = request;
    return { index: sent.push(request) - 1, ...rest };
  });
}

function outcomes({ story }: LiveEnvironment, from: number): Outcome[] {
  return story.slice(from).flatMap(({ type, record }) => {
    const found = type === 'function' ? /^.*?\boutcome (\{.*\})$/.exec(String(record)) : null;
    return found ? [JSON.parse(found[1]!) as Outcome] : [];
  });
}

/** @returns how many were answered. */
function expectDocumented(requests: readonly FuzzRequest[], outcomes: readonly Outcome[]): number {
  for (const outcome of outcomes) {
    const { head, asked } = requests[outcome.index]!;
    const what = `${head.slice(0, 600)} → ${JSON.stringify(outcome)}`;
    if (asked) expectAnswer(asked, outcome, what);
    else assert.ok(outcome.status === undefined || anyStatus.includes(outcome.status), what);
  }
  return outcomes.filter(({ status }) => status !== undefined).length;
}

function expectAnswer(
  { method, path }: { method: string; path: string },
  outcome: Outcome,
  what: string,
): void {
  const { how, status, body = '' } = outcome;
  const route = routes.find(({ pattern }) => pattern.test(path.replace(/\?.*/s, '')));
  const right = route?.method === method;
  if (status === undefined) {
    // A poll waits for its event; a head too large, or a connection that is of a generation gone, is closed.
    assert.ok(how === 'closed' || (right && route.waits) || method === 'CONNECT', what);
    return;
  }
  const allowed = !route ? [404] : right ? route.statuses : [405];
  assert.ok(allowed.includes(status), what);
  if (status < 400 || method === 'HEAD' || how !== 'answered' || status === 404) return;
  const error = JSON.parse(body) as { errorType: string; errorMessage: string };
  assert.deepEqual(Object.keys(error).sort(), ['errorMessage', 'errorType'], what);
  assert.ok(errorTypes.includes(error.errorType), what);
}

const anyStatus = [200, 202, 400, 401, 403, 404, 405, 413];
const routes = [
  { pattern: /^\/2018-06-01\/runtime\/invocation\/next$/, method: 'GET', statuses: [200, 403], waits: true },
  {
    pattern: /^\/2018-06-01\/runtime\/invocation\/[^/]+\/(response|error)$/,
    method: 'POST',
    statuses: [202, 400, 403, 413],
  },
  { pattern: /^\/2018-06-01\/runtime\/init\/error$/, method: 'POST', statuses: [202, 403, 413] },
  { pattern: /^\/2018-06-01\/ping$/, method: 'GET', statuses: [200] },
  { pattern: /^\/2020-01-01\/extension\/register$/, method: 'POST', statuses: [200, 403] },
  { pattern: /^\/2020-01-01\/extension\/event\/next$/, method: 'GET', statuses: [200, 403], waits: true },
  { pattern: /^\/2020-01-01\/extension\/(init|exit)\/error$/, method: 'POST', statuses: [202, 403] },
  { pattern: /^\/2020-08-15\/logs\/?$/, method: 'PUT', statuses: [200, 400, 403] },
  { pattern: /^\/2022-07-01\/telemetry\/?$/, method: 'PUT', statuses: [200, 400, 403] },
  { pattern: /^\/2026-01-15\/metadata\/execution-environment$/, method: 'GET', statuses: [200, 401] },
];
const errorTypes = [
  ...['InvalidRequestID', 'InvalidFunctionResponseMode', 'TruncatedHTTPRequest', 'InvalidStateTransition'],
  ...['RequestEntityTooLarge', 'InvalidRequestFormat', 'MethodNotAllowed', 'Unauthorized'],
  ...['InvalidExtensionName', 'InvalidEventType', 'InvalidExtensionState', 'RegistrationClosed'].map(
    (reason) => `Extension.${reason}`,
  ),
  ...['TooManyExtensions', 'MissingExtensionIdentifier', 'InvalidExtensionIdentifier'].map(
    (reason) => `Extension.${reason}`,
  ),
  ...['Extension.UnknownExtensionIdentifier', 'Extension.MissingHeader'],
  ...['ValidationError', 'Telemetry.SubscriptionClosed', 'Logs.ValidationError', 'Logs.SubscriptionClosed'],
];
