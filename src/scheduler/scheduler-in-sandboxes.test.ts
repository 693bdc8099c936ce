import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { makeMountPlan } from '../artifacts/make-mount-plan.ts';
import { Interpreters } from '../artifacts/runtimes/interpreters.ts';
import type { FunctionVersion } from '../domain/function-version.ts';
import { Environment } from '../environment/environment.ts';
import { InnerApiServer } from '../environment/inner-api/server.ts';
import { systemClock } from '../foundation/clock.ts';
import type { SandboxHost } from '../sandbox/driver.ts';
import { openSandboxHost } from '../sandbox/open-sandbox-host.ts';
import type { MadeEnvironment } from './managed-environment.ts';
import { Scheduler } from './scheduler.ts';
import type { SchedulerEvent } from './scheduler-event.ts';
import { hostTerms, type SchedulerTerms } from './terms.ts';
import { versionOf } from './testing/function-version.ts';
import { newInvocation } from './testing/stage.ts';

/** Answers after 10 ms with the content it was deployed with, where it ran, and when, by the host's clock. */
const handler = (content: number) => `
const instance = require('node:crypto').randomUUID();
const now = () => performance.timeOrigin + performance.now();
exports.handler = (event) => {
  const beganMs = now();
  return new Promise((resolve) => setTimeout(() =>
    resolve({ number: event.number, content: ${content}, instance, beganMs, endedMs: now() }), 10));
};
`;

interface Answer {
  readonly number: number;
  readonly content: number;
  readonly instance: string;
  readonly beganMs: number;
  readonly endedMs: number;
}

describe('the scheduler with real environments', { timeout: 240_000 }, () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'thaw-scheduler-'));
  const closers: (() => Promise<void>)[] = [];
  /** Of all sandboxes. */
  const deeds: ('freeze' | 'thaw')[] = [];
  let make: (version: FunctionVersion) => Promise<MadeEnvironment>;

  before(async () => {
    chmodSync(directory, 0o755);
    const emptyDir = path.join(directory, 'empty');
    mkdirSync(emptyDir);
    const codeDirs = [0, 1].map((content) => {
      const codeDir = path.join(directory, `content-${content}`);
      mkdirSync(codeDir);
      writeFileSync(path.join(codeDir, 'index.js'), handler(content));
      return codeDir;
    });
    const interpreters = new Interpreters({ storeRoot: directory });
    const language = await interpreters.mounts(await interpreters.find('nodejs24.x'));
    const bootstrap = path.resolve(import.meta.dirname, '../../bootstraps/nodejs/var-runtime');
    const host = await openSandboxHost();
    closers.unshift(() => host.close());
    const sandboxes: SandboxHost = {
      driver: host.driver,
      capabilities: host.capabilities,
      innerApi: host.innerApi,
      close: () => host.close(),
      open: async (spec) => {
        const sandbox = await host.open(spec);
        for (const deed of ['freeze', 'thaw'] as const) {
          const carryOut = sandbox[deed].bind(sandbox);
          sandbox[deed] = () => {
            deeds.push(deed);
            carryOut();
          };
        }
        return sandbox;
      },
    };
    const innerApis = new InnerApiServer();
    await innerApis.listen(host.innerApi);
    closers.unshift(() => innerApis.close());
    make = async ({ functionName, version, code, configuration }) => {
      const id = randomBytes(4).toString('hex');
      const logStreamName = `2026/01/01/[${version}]${id}`;
      const mounts = await makeMountPlan({
        codeDir: codeDirs[Number.parseInt(code.digest, 16)]!,
        layerDirs: [],
        emptyDir,
        runtimeMounts: [{ target: '/var/runtime', sources: [bootstrap] }, ...language],
      });
      const environment = new Environment({
        id,
        spec: {
          functionName,
          functionVersion: version,
          accountId: '123456789012',
          region: 'us-east-1',
          handler: 'index.handler',
          runtime: 'nodejs24.x',
          memoryMiB: configuration.MemorySize,
          timeoutMs: configuration.Timeout * 1000,
          ephemeralStorageMiB: configuration.EphemeralStorage.Size,
          variables: {},
          credentials: { accessKeyId: 'ASIATEST', secretAccessKey: 'opens-nothing', sessionToken: 'none' },
          logging: { format: 'Text' },
          initializationType: 'on-demand',
        },
        mounts,
        egress: false,
        logGroupName: `/aws/lambda/${functionName}`,
        logStreamName,
        sandboxes,
        innerApis,
        clock: systemClock,
        tell: () => {},
      });
      return { environment, id, logStreamName };
    };
  });

  after(async () => {
    for (const close of closers) await close();
    rmSync(directory, { recursive: true, force: true });
  });

  function open(events: SchedulerEvent[] = [], terms: Partial<SchedulerTerms> = {}): Scheduler {
    const scheduler = new Scheduler({
      make: (version) => make(version),
      // Nobody waits too long, and a start is no start too many, because the machine is slow.
      terms: { ...hostTerms(), waitTimeoutMs: 200_000, startSlotMs: 200_000, ...terms },
      reservations: { get: () => undefined, total: () => 0 },
      clock: systemClock,
      onEvent: (event) => events.push(event),
      onWarning: (message) => assert.fail(message),
    });
    closers.unshift(() => scheduler.close(0));
    return scheduler;
  }

  const callers = 64;

  it(`serves ${callers} callers at once: each is answered, no environment has two of them at a time`, async (t) => {
    const events: SchedulerEvent[] = [];
    const scheduler = open(events);
    const version = versionOf({ functionName: 'sleeps', timeoutS: 60 });
    const beganMs = performance.now();
    const served = Array.from({ length: callers }, (_, number) => call(scheduler, version, number));
    assert.equal(scheduler.figures().concurrentExecutions.get('sleeps'), callers);
    const answers = await Promise.all(served);
    const tookMs = Math.round(performance.now() - beganMs);
    assert.deepEqual(
      answers.map(({ number }) => number),
      Array.from({ length: callers }, (_, number) => number),
    );
    assertNoOverlap(answers);
    const instances = new Set(answers.map(({ instance }) => instance)).size;
    t.diagnostic(`${callers} callers, ${instances} environments, ${tookMs} ms`);
    // Starts take long beside 10 ms: whoever waits is served by what is there already, for the most part.
    assert.ok(instances <= callers / 2, `${instances} environments`);
    assert.equal(scheduler.figures().coldStarts, instances);
    const waits = events.flatMap((event) => (event.type === 'invoked' ? [event.waitedMs] : []));
    assert.equal(waits.length, callers);
    await scheduler.close(5000);
    assert.deepEqual(scheduler.live(), []);
  });

  it('freezes an environment when nobody waits for it', async () => {
    const scheduler = open([], { maxEnvironments: 1 });
    const version = versionOf({ functionName: 'frozen', timeoutS: 60 });
    deeds.length = 0;
    await Promise.all(Array.from({ length: 6 }, (_, number) => call(scheduler, version, number)));
    await nextTurn();
    assert.deepEqual(deeds, ['freeze'], 'five had the next one waiting, as Init had the first');
    await call(scheduler, version, 6);
    await nextTurn();
    assert.deepEqual(deeds, ['freeze', 'thaw', 'freeze']);
    await scheduler.close(5000);
  });

  it('goes over to an update without losing an invocation', async () => {
    const scheduler = open();
    const old = versionOf({ functionName: 'updated', timeoutS: 60 });
    const updated = versionOf({ functionName: 'updated', timeoutS: 60, content: 1, modified: 1 });
    const warm = await call(scheduler, old, 0);
    assert.equal(warm.content, 0);
    const during = Array.from({ length: 6 }, (_, number) => call(scheduler, old, number));
    scheduler.replace(updated);
    const answers = await Promise.all(during);
    assert.deepEqual(
      answers.map(({ number }) => number),
      [0, 1, 2, 3, 4, 5],
    );
    assert.deepEqual(answers.map(({ content }) => content).sort(), [0, 1, 1, 1, 1, 1], 'one was running');
    assert.equal((await call(scheduler, updated, 0)).content, 1);
    await scheduler.close(5000);
  });
});

async function call(scheduler: Scheduler, version: FunctionVersion, number: number): Promise<Answer> {
  const payload = Buffer.from(JSON.stringify({ number }));
  const { running } = await scheduler.invoke(version, { ...newInvocation(), payload });
  const { outcome, payload: answer } = await running.answer;
  assert.equal(outcome, 'ok', answer.toString());
  await running.settled;
  return JSON.parse(answer.toString());
}

function assertNoOverlap(answers: readonly Answer[]): void {
  for (const mine of Object.values(Object.groupBy(answers, ({ instance }) => instance))) {
    const inOrder = mine!.sort((one, other) => one.beganMs - other.beganMs);
    for (const [index, { beganMs }] of inOrder.slice(1).entries())
      assert.ok(beganMs >= inOrder[index]!.endedMs, 'an environment had two invocations at a time');
  }
}
