import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { functionCode } from './support/packages.ts';
import { deploy, startService, zipped } from './support/running-service.ts';

test('functions may share a log group: each one’s log is found there by its name, and by itself where it was before', async (t) => {
  const service = await startService(t);
  const { client } = service;
  const code = await zipped(t, functionCode('env-dump'));
  await deploy(service, 'first', code);
  await deploy(service, 'second', code, { LoggingConfig: { LogGroup: 'shop/all' } });
  const seen = async (FunctionName: string) => {
    const answer = await client.send(new InvokeCommand({ FunctionName }));
    const { env } = JSON.parse(answer.Payload!.transformToString());
    return { group: env.AWS_LAMBDA_LOG_GROUP_NAME, stream: env.AWS_LAMBDA_LOG_STREAM_NAME };
  };
  const before = await seen('first');
  assert.equal(before.group, '/aws/lambda/first');
  const FunctionName = 'first';
  const LoggingConfig = { LogGroup: 'shop/all' };
  await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, LoggingConfig }));
  const waiting = { client, minDelay: 0.05, maxDelay: 0.5, maxWaitTime: 60 };
  await waitUntilFunctionUpdatedV2(waiting, { FunctionName });
  const [first, second] = [await seen('first'), await seen('second')];
  assert.deepEqual([first.group, second.group], ['shop/all', 'shop/all']);
  assert.match(first.stream, /^\d{4}\/\d\d\/\d\d\/first\[\$LATEST\][0-9a-f]{32}$/);
  assert.equal(await service.down(), 0);

  const streams = async (...args: string[]) => {
    const shown = await service.thaw('logs', '--json', ...args);
    assert.equal(shown.status, 0, shown.stderr);
    const events = shown.stdout.trimEnd().split('\n');
    const names = new Set(events.map((line) => JSON.parse(line).logStreamName));
    return { names: [...names].sort(), said: shown.stderr };
  };
  const latest = await streams('first');
  assert.deepEqual(latest.names, [first.stream]);
  assert.match(latest.said, /first has logged to \/aws\/lambda\/first as well: thaw logs first --group/);
  assert.deepEqual(await streams('second'), { names: [second.stream], said: '' });
  assert.deepEqual((await streams('first', '--group', before.group)).names, [before.stream]);
  assert.deepEqual((await streams('second', '--group', 'shop/all')).names, [second.stream]);
  assert.deepEqual((await streams('--group', 'shop/all')).names, [first.stream, second.stream].sort());
});

test('INIT_START names the runtime’s version that the function’s configuration has', async (t) => {
  const service = await startService(t);
  const { client } = service;
  const FunctionName = 'first';
  await deploy(service, FunctionName, await zipped(t, functionCode('echo')));
  await client.send(new InvokeCommand({ FunctionName }));
  const { RuntimeVersionConfig } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const arn = RuntimeVersionConfig?.RuntimeVersionArn;
  assert.match(arn ?? '', /^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/);
  assert.equal(await service.down(), 0);
  const { stdout } = await service.thaw('logs', FunctionName);
  const told = /INIT_START Runtime Version: nodejs:24\.v24\.\S+\tRuntime Version ARN: (\S+)$/m.exec(stdout);
  assert.equal(told?.[1], arn, stdout);
});
