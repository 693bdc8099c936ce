import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { observeWorld, untilSettled } from './support/deployed-world.ts';
import { expectNothingLeft } from './support/left-behind.ts';
import { runRecorder } from './support/outside-machine.ts';
import { functionCode, packageDirectory } from './support/packages.ts';
import { randomFrom } from './support/random-from.ts';
import { thaw } from './support/run-thaw.ts';
import { deploy, startService, zipped } from './support/running-service.ts';
import { type Archive, chooseStep, type Model, type StepSource } from './support/world-steps.ts';

/** `npm run soak` kills some hundreds of times. */
const kills = Number(process.env.THAW_TEST_KILLS ?? 14);
const seed = Number(process.env.THAW_TEST_SEED ?? 20_260_201);
const longestLifeMs = 900;
const longestStartMs = 600;

/** What one worker knows: the API has to show the first or, where its last request was cut off, the second. */
interface Knowledge {
  readonly source: StepSource;
  possible: readonly Model[];
  cutOff: string;
}

test(`kill -9 at any moment: what was acknowledged is there, the rest is whole or absent (${kills} kills, seed ${seed})`, {
  timeout: 120_000 + kills * 10_000,
}, async (t) => {
  const random = randomFrom(seed);
  const recorder = await runRecorder(t);
  const dataDirectory = packageDirectory(t);
  const marker = randomUUID();
  const variables = { CONFORMANCE_RUN: marker };
  const workers = await knowledgeOf(t, ['one', 'two', 'three'], variables, random);
  const events = { owed: [] as string[], sent: 0 };
  const killed: number[] = [];
  let steps = 0;
  let service = await startService(t, [], dataDirectory);
  await deploy(service, 'records-run', await zipped(t, functionCode('records-run')), {
    Environment: { Variables: variables },
    // On a busy machine a cold start takes seconds, and an event that timed out is tried again only after a minute.
    Timeout: 60,
  });
  const sendEvents = async (client: LambdaClient): Promise<never> => {
    for (;;) {
      const id = `event-${events.sent++}`;
      const Payload = JSON.stringify({ id, address: recorder.address, port: recorder.port });
      const command = { FunctionName: 'records-run', InvocationType: 'Event', Payload } as const;
      const { StatusCode } = await client.send(new InvokeCommand(command));
      assert.equal(StatusCode, 202);
      events.owed.push(id);
      await pause(20);
    }
  };
  for (let kill = 0; kill < kills; kill += 1) {
    const { client } = service;
    await Promise.all(workers.map((worker) => expectPossible(client, worker)));
    const busy = [...workers.map((worker) => change(client, worker)), untilCutOff(sendEvents(client))];
    await pause(random() * longestLifeMs);
    await service.kill();
    killed.push(service.pid);
    for (const done of await Promise.all(busy)) steps += done ?? 0;
    // Some do not live until they listen: they die while they take up what the one before left.
    if (random() < 0.3) killed.push(await killDuringStart(dataDirectory, random() * longestStartMs));
    service = await startService(t, [], dataDirectory);
  }

  await Promise.all(workers.map((worker) => expectPossible(service.client, worker)));
  t.diagnostic(`${steps} changes and ${events.owed.length} events were acknowledged`);
  assert.ok(steps > kills && events.owed.length > kills);
  await expectEachRun(events.owed, recorder.runs);
  assert.equal(await service.down(), 0);
  for (const pid of killed) await expectNothingLeft(pid, marker);
});

async function knowledgeOf(
  t: TestContext,
  names: readonly string[],
  variables: Readonly<Record<string, string>>,
  random: () => number,
): Promise<Knowledge[]> {
  const fixtures = ['echo', 'sleeps', 'throws'];
  const archives = await Promise.all(fixtures.map((fixture) => archiveOf(t, functionCode(fixture))));
  let texts = 0;
  const fresh = () => `text-${texts++}`;
  return names.map((name) => ({
    // Of its own: what the workers choose does not depend on who is faster.
    source: { name, archives, variables, random: randomFrom(random() * 2 ** 32), fresh },
    possible: [{ world: { layerVersions: {} }, lastLayerVersion: 0 }],
    cutOff: 'nothing',
  }));
}

async function archiveOf(t: TestContext, directory: string): Promise<Archive> {
  const bytes = await zipped(t, directory);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('base64') };
}

/** What the API shows must be one of what is possible; from then on it is what there is. */
async function expectPossible(client: LambdaClient, worker: Knowledge): Promise<void> {
  const { source, possible, cutOff } = worker;
  const observed = await observeWorld(client, source.name);
  const found = possible.find(({ world }) => isDeepStrictEqual(world, observed));
  if (found === undefined)
    assert.deepEqual(observed, possible[0]?.world, `${source.name}; cut off was: ${cutOff}`);
  worker.possible = [found!];
}

/** One change after the other, until the service dies. @returns how many were acknowledged. */
async function change(client: LambdaClient, worker: Knowledge): Promise<number> {
  let done = 0;
  await untilCutOff(
    (async () => {
      for (;;) {
        const [model] = worker.possible as [Model];
        const step = chooseStep(worker.source, model);
        worker.cutOff = step.what;
        worker.possible = [model, step.after];
        await step.send(client);
        worker.possible = [step.after];
        worker.cutOff = `nothing, after: ${step.what}`;
        done += 1;
        if (step.after.world.function !== undefined) await untilSettled(client, worker.source.name);
      }
    })(),
  );
  return done;
}

/** Resolves when the connection broke off; rejects where the service refused something. */
async function untilCutOff(work: Promise<never>): Promise<undefined> {
  try {
    return await work;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code)) return undefined;
    throw error;
  }
}

async function killDuringStart(dataDirectory: string, afterMs: number): Promise<number> {
  const args = ['up', '--port', '0', '--data', dataDirectory];
  const child: ChildProcess = spawn(thaw, args, { stdio: 'ignore' });
  const gone = once(child, 'close');
  await pause(afterMs);
  child.kill('SIGKILL');
  await gone;
  return child.pid!;
}

/** At least once: what was under way when the service died runs again. */
async function expectEachRun(owed: readonly string[], runs: ReadonlyMap<string, number>): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  const missing = () => owed.filter((id) => !runs.has(id));
  while (missing().length > 0 && performance.now() < deadlineMs) await pause(100);
  assert.deepEqual(missing(), [], 'were acknowledged, and never run');
}
