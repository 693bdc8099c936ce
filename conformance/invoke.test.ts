import assert from 'node:assert/strict';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { eventually } from './support/eventually.ts';
import { functionCode } from './support/packages.ts';
import { deploy, startService, zipped } from './support/running-service.ts';

/** Every way to invoke, through a running service, with real functions. */
test('invoke', async (t) => {
  const service = await startService(t);
  for (const fixture of ['echo', 'shows-context', 'throws', 'hangs', 'streams', 'streams-http'])
    await deploy(service, fixture, await zipped(t, functionCode(fixture)), {
      Timeout: fixture === 'hangs' ? 2 : 60,
    });

  const invoke = (FunctionName: string, event: unknown, more: object = {}) =>
    service.client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...more }));
  const logsOf = async (name: string) => (await service.thaw('logs', name)).stdout;

  await t.test('the tail of the log is START, lines, END, REPORT', async () => {
    const { LogResult, $metadata } = await invoke('echo', { n: 1 }, { LogType: 'Tail' });
    const lines = Buffer.from(LogResult ?? '', 'base64')
      .toString()
      .split('\n');
    const { requestId } = $metadata;
    assert.equal(lines[0], `START RequestId: ${requestId} Version: $LATEST`);
    assert.match(lines[1] ?? '', /echo \{"n":1\}$/);
    assert.equal(lines[2], `END RequestId: ${requestId}`);
    assert.match(
      lines[3] ?? '',
      /^REPORT RequestId: .*\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t$/,
    );
    assert.deepEqual(lines.slice(4), ['']);
  });

  await t.test('what belongs to the event reaches the function', async () => {
    const traceId = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
    const command = new InvokeCommand({
      FunctionName: 'shows-context',
      Qualifier: '$LATEST',
      ClientContext: Buffer.from('{"custom":\n{"ä":"\\n"}}').toString('base64'),
    });
    command.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-amzn-trace-id'] = traceId;
        return next(args);
      },
      { step: 'build' },
    );
    const { Payload, ExecutedVersion } = await service.client.send(command);
    assert.equal(ExecutedVersion, '$LATEST');
    assert.deepEqual(JSON.parse(Payload!.transformToString()), {
      clientContext: { custom: { ä: '\n' } },
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:shows-context:$LATEST',
      functionVersion: '$LATEST',
      traceId,
    });
  });

  await t.test('errors and timeouts are answers; the tail comes with them', async () => {
    const thrown = await invoke('throws', {}, { LogType: 'Tail' });
    assert.deepEqual([thrown.StatusCode, thrown.FunctionError], [200, 'Unhandled']);
    assert.equal(JSON.parse(thrown.Payload!.transformToString()).errorType, 'TypeError');
    const late = await invoke('hangs', {}, { LogType: 'Tail' });
    assert.equal(late.FunctionError, 'Unhandled');
    const { errorType, errorMessage } = JSON.parse(late.Payload!.transformToString());
    assert.deepEqual(
      [errorType, errorMessage],
      ['Sandbox.Timedout', `RequestId: ${late.$metadata.requestId} Error: Task timed out after 2.00 seconds`],
    );
    assert.match(Buffer.from(late.LogResult!, 'base64').toString(), /\tStatus: timeout\t\n$/);
  });

  await t.test('a stream', async () => {
    const send = (event: unknown, FunctionName = 'streams') =>
      service.client.send(
        new InvokeWithResponseStreamCommand({
          FunctionName,
          Payload: JSON.stringify(event),
          LogType: 'Tail',
        }),
      );
    const read = async (event: unknown, name?: string) => {
      const chunks: Uint8Array[] = [];
      let end: {
        ErrorCode?: string | undefined;
        ErrorDetails?: string | undefined;
        LogResult?: string | undefined;
      } = {};
      for await (const { PayloadChunk, InvokeComplete } of (await send(event, name)).EventStream!) {
        if (PayloadChunk) chunks.push(PayloadChunk.Payload!);
        if (InvokeComplete) end = InvokeComplete;
      }
      return { bytes: Buffer.concat(chunks), ...end };
    };
    const whole = await read({ chunks: 160, bytes: 65_536 });
    assert.deepEqual([whole.bytes.length, whole.ErrorCode], [160 * 65_536, undefined]);
    assert.match(Buffer.from(whole.LogResult!, 'base64').toString(), /^START [\s\S]*\nREPORT .*\t\n$/);
    const cut = await read({ chunks: 3, failAfter: 1 });
    assert.deepEqual([String(cut.bytes), cut.ErrorCode], ['xxxxxxxxx\n', 'Unhandled']);
    assert.equal(JSON.parse(cut.ErrorDetails!).errorMessage, 'failed after 1 chunks');
    assert.equal(String((await read({ a: 1 }, 'echo')).bytes), '{"a":1}');
    const late = await read({}, 'hangs');
    assert.deepEqual([late.bytes.length, JSON.parse(late.ErrorDetails!).errorType], [0, 'Sandbox.Timedout']);
  });

  await t.test('an event runs behind its 202', async () => {
    const { StatusCode, $metadata } = await invoke('echo', { async: true }, { InvocationType: 'Event' });
    assert.equal(StatusCode, 202);
    await eventually(async () => (await logsOf('echo')).includes(`REPORT RequestId: ${$metadata.requestId}`));
    assert.match(await logsOf('echo'), /echo \{"async":true\}/);
  });

  await t.test('an event for a function without concurrency is accepted and given up', async () => {
    const reserve = (ReservedConcurrentExecutions: number) =>
      service.client.send(
        new PutFunctionConcurrencyCommand({ FunctionName: 'throws', ReservedConcurrentExecutions }),
      );
    await reserve(0);
    const refused = await invoke('throws', {}).catch((error) => error);
    assert.deepEqual(
      [refused.name, refused.message, refused.Reason],
      ['TooManyRequestsException', 'Rate Exceeded.', 'ReservedFunctionConcurrentInvocationLimitExceeded'],
    );
    const { StatusCode, $metadata } = await invoke('throws', {}, { InvocationType: 'Event' });
    assert.equal(StatusCode, 202);
    await eventually(() => service.stderr.includes('ZeroReservedConcurrency'));
    assert.ok(service.stderr.includes($metadata.requestId!));
  });

  await t.test('function URLs, buffered and streamed', async () => {
    for (const [FunctionName, InvokeMode] of [
      ['echo', 'BUFFERED'],
      ['streams-http', 'RESPONSE_STREAM'],
    ] as const) {
      const created = await service.client.send(
        new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE', InvokeMode }),
      );
      const url = new URL('/some/path?a=1', created.FunctionUrl!);
      assert.equal((await get(url)).status, 403);
      const permission = { FunctionName, Principal: '*' };
      for (const more of [
        { StatementId: 'url', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
        { StatementId: 'invoke', Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
      ] as const)
        await service.client.send(new AddPermissionCommand({ ...permission, ...more }));
      const { status, headers, body } = await get(url);
      if (InvokeMode === 'BUFFERED') {
        assert.equal(status, 200);
        assert.equal(JSON.parse(body).rawPath, '/some/path');
      } else
        assert.deepEqual(
          [status, headers['x-streamed'], headers['set-cookie'], body],
          [203, 'yes', ['a=1'], 'path: /some/path'],
        );
    }
  });

  assert.equal(await service.down(), 0);
});

/** The name of a URL's host is loopback to most clients, but not to every resolver. */
function get(url: URL): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: url.port, path: url.pathname + url.search, agent: false };
    request({ ...options, headers: { host: url.host } }, (res) => {
      text(res).then((body) => resolve({ status: res.statusCode ?? 0, headers: res.headers, body }), reject);
    })
      .on('error', reject)
      .end();
  });
}
