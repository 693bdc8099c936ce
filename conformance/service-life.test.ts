import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvalidRuntimeException,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { runHostProgram } from './support/host-program.ts';
import { functionCode, packageOf } from './support/packages.ts';
import { thaw } from './support/run-thaw.ts';
import { deploy, startService, zipped } from './support/running-service.ts';

describe('thaw up', () => {
  test('create, invoke, look, delete, with the AWS SDK; then down', async (t) => {
    const service = await startService(t);
    const { client } = service;
    const archive = await zipped(t, functionCode('echo'));
    await deploy(service, 'echo', archive);
    const invoke = (payload: unknown) =>
      client.send(new InvokeCommand({ FunctionName: 'echo', Payload: Buffer.from(JSON.stringify(payload)) }));
    const answer = await invoke({ a: [1, 2] });
    assert.deepEqual(
      [answer.StatusCode, answer.FunctionError, answer.Payload?.transformToString()],
      [200, undefined, '{"a":[1,2]}'],
    );

    const shown = await service.thaw('ps', '--json');
    assert.equal(shown.status, 0, shown.stderr);
    const [environment, ...others] = JSON.parse(shown.stdout);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [environment.functionName, environment.version, environment.state, environment.invocations],
      ['echo', '$LATEST', 'idle', 1],
    );
    assert.ok(environment.maxMemoryUsedMiB > 0);
    assert.match(
      (await service.thaw('ps')).stdout,
      /^ID +FUNCTION +VERSION .*\n[0-9a-f]{8} +echo +\$LATEST +idle /,
    );

    const { Code } = await client.send(new GetFunctionCommand({ FunctionName: 'echo' }));
    const fetched = await fetch(Code!.Location!);
    assert.deepEqual(Buffer.from(await fetched.arrayBuffer()), archive);
    const { host } = new URL(service.url.replace('127.0.0.1', 'localhost'));
    const { region, credentials } = client.config;
    const byName = new LambdaClient({ endpoint: `http://${host}`, region, credentials });
    const named = await byName.send(new GetFunctionCommand({ FunctionName: 'echo' }));
    byName.destroy();
    // Under the name its caller reaches the service by.
    assert.equal(new URL(named.Code!.Location!).host, host);
    const tampered = await fetch(Code!.Location!.replace(/Expires=\d/, 'Expires=9'));
    assert.equal(tampered.status, 403);

    assert.deepEqual(await (await fetch(`${service.url}/healthz`)).json(), { status: 'ready' });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    assert.match(metrics, /^thaw_invocations_total\{function="echo",version="\$LATEST"\} 1$/m);
    assert.match(metrics, /^thaw_environments\{state="idle"\} 1$/m);
    assert.equal((await fetch(`${service.url}/_thaw/environments`)).status, 403);

    await client.send(new DeleteFunctionCommand({ FunctionName: 'echo' }));
    await assert.rejects(invoke({}), { name: 'ResourceNotFoundException' });
    assert.equal(await service.down(), 0);
  });

  test('a function that cannot run here: its invocation says why', async (t) => {
    const service = await startService(t);
    const { client } = service;
    await deploy(service, 'snake', await zipped(t, functionCode('echo')), { Runtime: 'python2.7' });
    await assert.rejects(client.send(new InvokeCommand({ FunctionName: 'snake' })), (error) => {
      assert.ok(error instanceof InvalidRuntimeException);
      assert.equal(error.$metadata.httpStatusCode, 502);
      assert.match(error.message, /^snake cannot run here: there is no runtime python2\.7 on this machine\./);
      return true;
    });
    assert.equal(await service.down(), 0);
  });

  test('a runtime map given to the service is what deployed functions run on, and is said in their log', async (t) => {
    const service = await startService(t, ['--runtime-map', 'nodejs12.x=nodejs24.x']);
    const { client } = service;
    const code = packageOf(t, { 'index.js': 'exports.handler = async () => process.version;' });
    await deploy(service, 'mapped', await zipped(t, code), { Runtime: 'nodejs12.x' });
    const answer = await client.send(new InvokeCommand({ FunctionName: 'mapped' }));
    assert.equal(JSON.parse(answer.Payload!.transformToString()), process.version);
    const said = await service.thaw('logs', 'mapped');
    assert.match(said.stdout, /because the runtime map says nodejs12\.x=nodejs24\.x/);
    assert.equal(await service.down(), 0);
  });

  test('what thaw env prints is all that a shell needs; invoke, logs and down', async (t) => {
    const service = await startService(t);
    await deploy(service, 'echo', await zipped(t, functionCode('echo')));
    await deploy(service, 'throws', await zipped(t, functionCode('throws')));

    const { stdout } = await service.thaw('env', '--json');
    const variables = JSON.parse(stdout);
    assert.equal(variables.AWS_ENDPOINT_URL, service.url);
    const evaluate = `eval "$(${thaw} env --data '${service.dataDirectory}')" && env`;
    const shell = await runHostProgram(['sh', '-c', evaluate], { env: { AWS_PROFILE: 'another' } });
    const exported = shell.stdout.split('\n');
    for (const [name, value] of Object.entries(variables))
      assert.ok(exported.includes(`${name}=${value}`), name);
    assert.ok(!exported.some((line) => line.startsWith('AWS_PROFILE=')));

    const said = await service.thaw('invoke', 'echo', '--payload', '{"from":"the shell"}', '--tail');
    assert.deepEqual([said.status, said.stdout], [0, '{"from":"the shell"}\n'], said.stderr);
    assert.match(said.stderr, /^START RequestId: [\s\S]*\nREPORT RequestId: /m);
    const failed = await service.thaw('invoke', 'throws');
    assert.equal(failed.status, 1);
    assert.equal(JSON.parse(failed.stdout).errorType, 'TypeError');
    const unknown = await service.thaw('invoke', 'nobody');
    assert.deepEqual([unknown.status, unknown.stdout], [2, '']);
    assert.match(unknown.stderr, /ResourceNotFoundException: Function not found: arn:aws:lambda:\S+:nobody/);
    const queued = await service.thaw('invoke', 'echo', '--async');
    assert.deepEqual([queued.status, queued.stdout], [0, '']);

    const down = await service.thaw('down');
    assert.equal(down.status, 0, down.stderr);
    assert.equal(await service.ended, 0);
    assert.match((await service.thaw('logs', 'echo')).stdout, /REPORT RequestId: /);
    const again = await service.thaw('down');
    assert.equal(again.status, 0);
    assert.match(again.stderr, /no service runs/);
    const late = await service.thaw('invoke', 'echo');
    assert.equal(late.status, 3);
    assert.match(late.stderr, /does not run\. Start it with: thaw up/);
  });
});
