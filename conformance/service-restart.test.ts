import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  CreateFunctionCommand,
  InvokeCommand,
  type LambdaClient,
  paginateListFunctions,
} from '@aws-sdk/client-lambda';
import { eventually } from './support/eventually.ts';
import { expectNothingLeft, processesWith } from './support/left-behind.ts';
import { functionCode } from './support/packages.ts';
import { deploy, role, startService, zipped } from './support/running-service.ts';

describe('kill -9, and thaw up again', () => {
  test('functions and events are there, and nothing of the killed one is left', async (t) => {
    const first = await startService(t);
    await deploy(first, 'echo', await zipped(t, functionCode('echo')));
    await deploy(first, 'sleeps', await zipped(t, functionCode('sleeps')));
    const ask = () => new InvokeCommand({ FunctionName: 'echo', Payload: Buffer.from('"still here"') });
    assert.equal((await first.client.send(ask())).Payload?.transformToString(), '"still here"');
    // Not over before the kill, however busy the machine is.
    const Payload = Buffer.from('{"ms":50000}');
    const queued = await first.client.send(
      new InvokeCommand({ FunctionName: 'sleeps', InvocationType: 'Event', Payload }),
    );
    const { requestId } = queued.$metadata;
    const starts = async () => {
      const { stdout } = await first.thaw('logs', 'sleeps');
      return stdout.split('\n').filter((line) => line.includes(`START RequestId: ${requestId}`)).length;
    };
    await eventually(async () => (await starts()) === 1);
    await first.kill();
    // The functions' own variable: what runs them in the next life has it as well.
    const marker = `CONFORMANCE_SERVICE=${first.pid}.`;
    const orphans = processesWith(marker);

    const second = await startService(t, [], first.dataDirectory);
    await expectNothingLeft(first.pid);
    await eventually(() => !processesWith(marker).some((process) => orphans.includes(process)));
    assert.equal((await second.client.send(ask())).Payload?.transformToString(), '"still here"');
    // It was under way, and nobody knows how far: it runs again, under the same request ID.
    await eventually(async () => (await starts()) === 2);
    const down = await second.thaw('down', '--now');
    assert.equal(down.status, 0, down.stderr);
    assert.equal(await second.down(), 0);
  });

  test('1,000 functions: listed in pages, and hardly slower to start', async (t) => {
    const count = 1000;
    const empty = await startService(t);
    assert.equal(await empty.down(), 0);
    const first = await startService(t);
    const ZipFile = await zipped(t, functionCode('echo'));
    const names = Array.from({ length: count }, (_, index) => `function-${String(index).padStart(4, '0')}`);
    await createAll(first.client, names, ZipFile);
    await first.kill();

    const second = await startService(t, [], first.dataDirectory);
    const listed: string[] = [];
    for await (const { Functions } of paginateListFunctions({ client: second.client }, {}))
      listed.push(...Functions!.map(({ FunctionName }) => FunctionName!));
    assert.deepEqual(listed, names);
    assert.equal(await second.down(), 0);
    t.diagnostic(
      `CPU time from start to listening: ${empty.startCpuMs} ms without functions, ${second.startCpuMs} ms with ${count} after kill -9`,
    );
    assert.ok(second.startCpuMs < 4 * empty.startCpuMs, `${second.startCpuMs} ms`);
  });
});

async function createAll(client: LambdaClient, names: readonly string[], ZipFile: Buffer): Promise<void> {
  const settings = { Runtime: 'nodejs24.x', Handler: 'index.handler', Role: role } as const;
  const waiting = [...names];
  const worker = async (): Promise<void> => {
    for (let FunctionName = waiting.shift(); FunctionName !== undefined; FunctionName = waiting.shift())
      await client.send(new CreateFunctionCommand({ FunctionName, Code: { ZipFile }, ...settings }));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}
