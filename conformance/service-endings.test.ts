import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { eventually } from './support/eventually.ts';
import { runHostProgram } from './support/host-program.ts';
import { functionCode, packageDirectory } from './support/packages.ts';
import { thaw } from './support/run-thaw.ts';
import { deploy, startService, zipped } from './support/running-service.ts';
import { untilMetrics } from './support/service-metrics.ts';

/** A service that is at work on an invocation, which its function takes `ms` for. */
async function atWork(t: TestContext, ms: number, ...args: string[]) {
  const service = await startService(t, args);
  await deploy(service, 'sleeps', await zipped(t, functionCode('sleeps')));
  const answer = service.client.send(
    new InvokeCommand({ FunctionName: 'sleeps', Payload: Buffer.from(JSON.stringify({ ms })) }),
  );
  answer.catch(() => {});
  await untilMetrics(service.url, (all) => all.sum('thaw_environments', { state: 'busy' }) === 1);
  return { service, answer };
}

describe('how thaw up ends', { concurrency: 2 }, () => {
  test('SIGTERM: what is at work finishes, nothing new begins', async (t) => {
    const { service, answer } = await atWork(t, 6000);
    service.signal('SIGTERM');
    await eventually(() => service.stderr.includes('ending'));
    await assert.rejects(fetch(`${service.url}/healthz`));
    assert.equal((await answer).FunctionError, undefined);
    assert.equal(await service.down(), 0);
  });

  test('SIGTERM: what does not finish within --drain is ended, and its caller told', async (t) => {
    const { service, answer } = await atWork(t, 60_000, '--drain', '1');
    service.signal('SIGTERM');
    assert.match((await answer).Payload!.transformToString(), /shut down before this was finished/);
    assert.equal(await service.down(), 0);
  });

  test('a second signal: at once', async (t) => {
    const { service, answer } = await atWork(t, 60_000);
    service.signal('SIGTERM');
    await eventually(() => service.stderr.includes('ending'));
    service.signal('SIGTERM');
    const ended = await answer;
    assert.equal(ended.FunctionError, 'Unhandled');
    assert.match(ended.Payload!.transformToString(), /shut down before this was finished/);
    assert.equal(await service.down(), 0);
  });

  test('thaw down --now', async (t) => {
    const { service, answer } = await atWork(t, 60_000);
    const down = await service.thaw('down', '--now');
    assert.equal(down.status, 0, down.stderr);
    const ended = await answer;
    assert.equal(ended.FunctionError, 'Unhandled');
    assert.match(ended.Payload!.transformToString(), /shut down before this was finished/);
    assert.equal(await service.down(), 0);
  });
});

describe('what thaw up refuses', { concurrency: 2 }, () => {
  test('a port that is taken, and data that another one uses: exit status 3, and the first goes on', async (t) => {
    const service = await startService(t);
    const { port } = new URL(service.url);
    const there = packageDirectory(t);
    writeFileSync(path.join(there, 'notes'), 'of somebody else');
    const made = path.join(packageDirectory(t), 'with', 'parents');
    for (const data of [there, made]) {
      const taken = await runHostProgram([thaw, 'up', '--port', port, '--data', data]);
      assert.deepEqual([taken.status, taken.stdout], [3, '']);
      assert.match(taken.stderr, /cannot listen on 127\.0\.0\.1, port \d+: something else listens there/);
    }
    // What it made is gone again.
    assert.deepEqual(readdirSync(there), ['notes']);
    assert.deepEqual(readdirSync(path.dirname(path.dirname(made))), []);
    const before = readdirSync(service.dataDirectory);
    const used = await service.thaw('up', '--port', '0');
    assert.deepEqual([used.status, used.stdout], [3, '']);
    assert.match(used.stderr, new RegExp(`is in use by thaw up, process ${service.pid}\\b`));
    assert.equal((await service.thaw('ps')).status, 0);
    assert.equal(await service.down(), 0);
    // Nor does a service lose what it has when it cannot start again.
    const again = await runHostProgram([thaw, 'up', '--host', '192.0.2.1', '--data', service.dataDirectory]);
    assert.equal(again.status, 3);
    const isLasting = (name: string) => !/-(wal|shm)$/.test(name);
    assert.deepEqual(readdirSync(service.dataDirectory).filter(isLasting), before.filter(isLasting));
  });

  test('what it cannot mean, and verbs without a service: exit status 2', async (t) => {
    const data = packageDirectory(t);
    const wrong: readonly [args: string[], said: RegExp][] = [
      [['up', '--port', '65536'], /--port 65536: give a whole number from 0 to 65535/],
      [['up', '--host', ''], /--host "": give an address/],
      [['up', '--region', 'local'], /--region "local": give a region of the form AWS's have/],
      [['up', '--cpu', 'half'], /--cpu half: give "lambda"/],
      [['env', '--data', data], /no service was started with the data of .*thaw up --data/],
      [['ps', '--data', data], /no service was started/],
      [['down', '--data', data], /no service was started/],
      [['invoke', 'x', '--payload', '{no'], /--payload is not JSON/],
    ];
    for (const [args, said] of wrong) {
      const { status, stdout, stderr } = await runHostProgram([thaw, ...args]);
      assert.deepEqual([status, stdout], [2, ''], stderr);
      assert.match(stderr, said);
    }
  });
});
