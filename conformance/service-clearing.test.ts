import assert from 'node:assert/strict';
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { GetFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { readServiceRecord, servicePid } from '../src/assembly/service-record.ts';
import { withMachineLock } from '../src/sandbox/machine-lock.ts';
import { eventually } from './support/eventually.ts';
import { madeBy } from './support/left-behind.ts';
import { functionCode, packageDirectory } from './support/packages.ts';
import { deploy, type RunningService, startService, zipped } from './support/running-service.ts';

/** Any Thaw of this machine clears away what a dead one left; here it has to be the one that is looked at. */
const rounds = 12;
const { PRIORITY_HIGHEST, PRIORITY_NORMAL } = constants.priority;

test('after kill -9 the service answers before what was left is cleared away; what it runs waits for that', async (t) => {
  for (let round = 1; round <= rounds; round += 1) if (await answersWhileClearing(t)) return;
  assert.fail(`in ${rounds} rounds another Thaw of this machine was always quicker`);
});

/** @returns false where another Thaw cleared away first. */
async function answersWhileClearing(t: TestContext): Promise<boolean> {
  const dataDirectory = packageDirectory(t);
  const first = await startService(t, [], dataDirectory);
  await deploy(first, 'echo', await zipped(t, functionCode('echo')));
  await invokeEcho(first);

  // Whoever has this lock keeps everybody else from clearing away, and a service from opening.
  const before = await holdMachineLock(t);
  await first.kill();
  const starting = startService(t, [], dataDirectory);
  await eventually(() => recordedPid(dataDirectory) !== first.pid);
  const pid = recordedPid(dataDirectory);
  // The lock is given to whoever asks first: to this service, and then to this test.
  for (const one of [pid, process.pid]) setPriority(one, PRIORITY_HIGHEST);
  await before.release();
  await eventually(() => madeBy(pid).some((trace) => trace.startsWith('bridge ')));
  const during = await holdMachineLock(t);
  for (const one of [pid, process.pid]) setPriority(one, PRIORITY_NORMAL);
  const left = madeBy(first.pid);
  if (left.length === 0) {
    await during.release();
    await (await starting).down();
    return false;
  }
  const second = await starting;
  const leftWhenAnswered = invokeEcho(second).then(() => madeBy(first.pid).filter(isImmediate));
  await eventually(async () => (await second.thaw('ps')).stdout.includes('starting'));
  const { Configuration } = await second.client.send(new GetFunctionCommand({ FunctionName: 'echo' }));
  assert.equal(Configuration?.State, 'Active');
  assert.deepEqual(madeBy(first.pid), left);
  await during.release();
  assert.deepEqual(await leftWhenAnswered, []);
  assert.equal(await second.down(), 0);
  return true;
}

function invokeEcho({ client }: RunningService): Promise<unknown> {
  return client.send(new InvokeCommand({ FunctionName: 'echo', Payload: '1' }));
}

function recordedPid(dataDirectory: string): number {
  return servicePid(readServiceRecord(path.join(dataDirectory, 'service.json'))!);
}

/** Loop devices follow their mounts a moment later. */
function isImmediate(trace: string): boolean {
  return !trace.startsWith('loop device ');
}

/** Until the end of the test at the latest. */
async function holdMachineLock(t: TestContext): Promise<{ release(): Promise<void> }> {
  const held = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const working = withMachineLock(async () => {
    held.resolve();
    await released.promise;
  });
  await Promise.race([held.promise, working]);
  const release = (): Promise<void> => {
    released.resolve();
    return working;
  };
  t.after(release);
  return { release };
}
