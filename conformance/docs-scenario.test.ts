import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { awsCliCaller } from './support/aws-cli.ts';
import type { Invoked, LambdaCaller, Output } from './support/lambda-caller.ts';
import { type RunningService, role, startService } from './support/running-service.ts';
import { type ScenarioArchives, scenarioArchives } from './support/scenario-archives.ts';
import { sdkCaller } from './support/sdk-caller.ts';
import { type readMetrics, untilMetrics } from './support/service-metrics.ts';

/*
 * What the Lambda documentation has people do with layers, extensions, versions and aliases, from the first layer to
 * the deletion of everything, with AWS's own clients.
 */
test('layers with extensions, versions, aliases: the way of the Lambda documentation', {
  timeout: 600_000,
  concurrency: 2,
}, async (t) => {
  const archives = await scenarioArchives(t);
  await Promise.all([
    t.test('with the AWS CLI', async (t) => {
      const service = await startService(t);
      const { stdout, stderr } = await service.thaw('env', '--json');
      assert.notEqual(stdout, '', stderr);
      await walkThrough(t, { service, archives, caller: awsCliCaller(JSON.parse(stdout)) });
    }),
    t.test('with the AWS SDK for JavaScript', async (t) => {
      const service = await startService(t);
      // Spreading takes many invocations: with the CLI each is a process, and shows nothing else.
      const scene = { service, archives, caller: sdkCaller(service.client) };
      await walkThrough(t, scene, [spread]);
    }),
  ]);
});

type Part = (t: TestContext, scene: Scene) => Promise<void>;

async function walkThrough(t: TestContext, scene: Scene, further: readonly Part[] = []): Promise<void> {
  const parts = [attachAndUpdateLayer, reachLimits, publishAndCompare, ...further];
  for (const part of [...parts, listInPages, deleteEverything, usePublishedExtension]) await part(t, scene);
  assert.equal(await scene.service.down(), 0);
}

/** Of each invocation, by the extension timing-nodejs. */
const holdMs = 400;
const orders = { FunctionName: 'orders' } as const;
const ordersArn = 'arn:aws:lambda:us-east-1:123456789012:function:orders';
const layerArn = (name: string, version: number) =>
  `arn:aws:lambda:us-east-1:123456789012:layer:${name}:${version}`;
const code = {
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  Role: role,
  Architectures: ['x86_64'],
  // On a busy machine a cold start alone takes seconds.
  Timeout: 60,
};

interface Scene {
  readonly service: RunningService;
  readonly caller: LambdaCaller;
  readonly archives: ScenarioArchives;
}

async function attachAndUpdateLayer(t: TestContext, { service, caller, archives }: Scene): Promise<void> {
  await step(t, 'a layer with an extension is published, used, and updated', async () => {
    const first = await caller.call(
      'PublishLayerVersion',
      { LayerName: 'watch', CompatibleRuntimes: ['nodejs24.x'], Description: 'in bash' },
      archives.helloBash,
    );
    assert.deepEqual([first.Version, first.LayerVersionArn], [1, layerArn('watch', 1)]);
    const variables = { CONFORMANCE_SERVICE: `${service.pid}.`, TIMING_UPLOAD_MS: String(holdMs) };
    const Environment = { Variables: variables };
    const created = await caller.call(
      'CreateFunction',
      { ...orders, ...code, Layers: [layerArn('watch', 1)], Environment },
      archives.orders,
    );
    assert.deepEqual(
      [created.State, created.StateReasonCode, created.Version],
      ['Pending', 'Creating', '$LATEST'],
    );
    await caller.wait('function-active-v2', 'orders');
    const answer = await caller.invoke({ ...orders, event: { name: 'Ada' } });
    expectGreeting(answer, 'Ada');
    assert.equal(answer.executedVersion, '$LATEST');
    assert.match(
      answer.log,
      /^START RequestId: (\S+) Version: \$LATEST\n[\s\S]*END RequestId: \1\n[\s\S]*REPORT RequestId: \1\t/,
    );
    // What an extension says in an invocation stands in that invocation's log.
    assert.match(answer.log, /^hello-bash: \{"eventType":"INVOKE"/m);
    await untilLogged(
      service,
      'orders',
      /EXTENSION\tName: hello-bash\tState: Ready\tEvents: \[INVOKE,SHUTDOWN\]/,
    );

    const second = await caller.call('PublishLayerVersion', { LayerName: 'watch' }, archives.timing);
    assert.equal(second.Version, 2);
    // The function has what it was given until it is given another one.
    assert.match((await caller.invoke(orders)).log, /^hello-bash: /m);
    await setLayers(caller, [layerArn('watch', 2)]);
    const updated = await caller.invoke(orders);
    expectGreeting(updated, 'world');
    assert.equal(updated.payload.visit, 1, 'an environment of its own');
    assert.match(updated.log, /^timing-nodejs: held invocation /m);
    assert.doesNotMatch(updated.log, /hello-bash/);
  });
}

async function reachLimits(t: TestContext, { caller, archives }: Scene): Promise<void> {
  const pairs = archives.pairs.map((_, number) => layerArn(`pair-${number}`, 1));
  await step(t, 'five layers and ten extensions are not too many', async () => {
    await Promise.all(
      archives.pairs.map((archive, number) =>
        caller.call('PublishLayerVersion', { LayerName: `pair-${number}` }, archive),
      ),
    );
    await setLayers(caller, pairs);
    const { functionError, log, payload } = await caller.invoke(orders);
    assert.equal(functionError, undefined, JSON.stringify(payload));
    const names = [...log.matchAll(/^(pair-\d-[ab]): \{"eventType":"INVOKE"/gm)].map(([, name]) => name);
    // Its caller gets the end of a log: 4 KB. All ten are in the log itself.
    assert.ok(names.length >= 5, log);
  });

  await step(t, 'what is beyond the limits is refused, in the words of Lambda', async () => {
    const refused = (operation: string, input: object, name: string, message: RegExp, archive?: string) =>
      assert.rejects(caller.call(operation, input, archive), { name, message });
    const invalid = 'InvalidParameterValueException';
    const configure = (input: object, message: RegExp) =>
      refused('UpdateFunctionConfiguration', { ...orders, ...input }, invalid, message);
    await caller.call('PublishLayerVersion', { LayerName: 'largest' }, archives.largest);
    await Promise.all([
      configure({ Layers: [...pairs, layerArn('watch', 1)] }, /^Cannot reference more than 5 layers\.$/),
      configure(
        { Layers: [layerArn('watch', 1), layerArn('watch', 2)] },
        /^Two different versions of the same layer are not allowed to be referenced in the same function\. .*watch:1 and .*watch:2 are versions of the same layer\.$/,
      ),
      configure(
        { Layers: [layerArn('largest', 1)] },
        /^Function code combined with layers exceeds the maximum allowed size of 262144000 bytes\. The actual size is 2621\d+ bytes\.$/,
      ),
      configure({ Environment: { Variables: { LARGE: 'a'.repeat(4096) } } }, /exceeded the 4KB limit/),
      refused(
        'PublishLayerVersion',
        { LayerName: 'too-large' },
        invalid,
        /^Unzipped size must be smaller than 262144000 bytes$/,
        archives.tooLarge,
      ),
    ]);
    await refused(
      'UpdateFunctionCode',
      orders,
      'RequestEntityTooLargeException',
      /^Zipped size must be smaller than 52428800 bytes$/,
      archives.tooHeavy,
    );
    // None of it has left a trace.
    const { Layers, Environment } = await caller.call('GetFunctionConfiguration', orders);
    assert.deepEqual(
      Layers.map(({ Arn }: Output) => Arn),
      pairs,
    );
    assert.deepEqual(Object.keys(Environment.Variables).sort(), ['CONFORMANCE_SERVICE', 'TIMING_UPLOAD_MS']);
  });
}

async function publishAndCompare(t: TestContext, { service, caller }: Scene): Promise<void> {
  await step(t, 'two versions, with the extension and without: their metrics tell its cost', async () => {
    await setLayers(caller, [layerArn('watch', 2)]);
    const withIt = await caller.call('PublishVersion', { ...orders, Description: 'with' });
    await setLayers(caller, []);
    const bare = await caller.invoke(orders);
    expectGreeting(bare, 'world');
    assert.doesNotMatch(bare.log, /timing-nodejs|pair-/);
    const without = await caller.call('PublishVersion', { ...orders, Description: 'without' });
    assert.deepEqual([withIt.Version, without.Version], ['1', '2']);
    // Nothing has changed since: it is the same version.
    assert.equal((await caller.call('PublishVersion', orders)).Version, '2');

    const calls = ['1', '2', '1', '2'];
    for (const Qualifier of calls) {
      const answer = await caller.invoke({ ...orders, Qualifier });
      expectGreeting(answer, 'world');
      assert.equal(answer.executedVersion, Qualifier);
    }
    const of = (version: string) => ({ function: 'orders', version });
    const metrics = await untilMetrics(service.url, (all) =>
      ['1', '2'].every((version) => all.sum('thaw_invocations_total', of(version)) === 2),
    );
    const waited = (version: string) =>
      metrics.sum('thaw_post_runtime_extensions_duration_seconds_sum', of(version))!;
    t.diagnostic(
      `PostRuntimeExtensionsDuration of two invocations: ${waited('1')} s with, ${waited('2')} s without`,
    );
    // It holds each for so long from the event on; the runtime is at work at the same time.
    assert.ok(waited('1') > holdMs / 1000, `${waited('1')} s`);
    assert.ok(waited('2') < waited('1') / 10);
    const extension = { ...of('1'), extension: 'timing-nodejs' };
    assert.equal(metrics.sum('thaw_extension_wait_seconds_count', extension), 2);
    const share = metrics.sum('thaw_extension_wait_alone_seconds_sum', extension)! / waited('1');
    assert.ok(Math.abs(share - 1) < 0.01, `nobody else was waited for: ${share}`);
    assert.equal(metrics.sum('thaw_extension_wait_seconds_count', of('2')), undefined);
  });

  await step(t, 'an alias sends invocations where its weights say', async () => {
    const live = { ...orders, Name: 'live' };
    const executed = async () => (await caller.invoke({ ...orders, Qualifier: 'live' })).executedVersion;
    const alias = await caller.call('CreateAlias', {
      ...live,
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: { '2': 1 } },
    });
    assert.equal(alias.AliasArn, `${ordersArn}:live`);
    assert.equal(await executed(), '2');
    const routed = await caller.call('UpdateAlias', {
      ...live,
      RoutingConfig: { AdditionalVersionWeights: {} },
    });
    assert.notEqual(routed.RevisionId, alias.RevisionId);
    assert.equal(await executed(), '1');
    await assert.rejects(
      caller.call('UpdateAlias', { ...live, FunctionVersion: '2', RevisionId: alias.RevisionId }),
      { name: 'PreconditionFailedException' },
    );
    await assert.rejects(caller.call('DeleteFunction', { ...orders, Qualifier: '1' }), {
      name: 'ResourceConflictException',
    });
  });
}

async function spread(t: TestContext, { caller }: Scene): Promise<void> {
  await step(t, 'an alias spreads invocations by weight', async () => {
    const half = { AdditionalVersionWeights: { '2': 0.5 } };
    await caller.call('UpdateAlias', { ...orders, Name: 'live', RoutingConfig: half });
    const calls = Array.from({ length: 60 }, () => caller.invoke({ ...orders, Qualifier: 'live' }));
    const versions = (await Promise.all(calls)).map(({ executedVersion }) => executedVersion);
    const second = versions.filter((version) => version === '2').length;
    assert.equal(versions.filter((version) => version === '1').length, versions.length - second);
    // By chance it would be outside once in ten million runs.
    assert.ok(second >= 10 && second <= 50, `${second} of ${versions.length}`);
  });
}

async function listInPages(t: TestContext, { caller, archives }: Scene): Promise<void> {
  await step(t, 'lists come in pages', async () => {
    await Promise.all(
      ['audit', 'zebra'].map((FunctionName) =>
        caller.call('CreateFunction', { ...code, FunctionName }, archives.orders),
      ),
    );
    const [functions, versions, layers, layerVersions] = await Promise.all([
      caller.list('ListFunctions', {}, 'Functions', 1),
      caller.list('ListVersionsByFunction', orders, 'Versions', 2),
      caller.list('ListLayers', {}, 'Layers', 3),
      caller.list('ListLayerVersions', { LayerName: 'watch' }, 'LayerVersions', 1),
    ]);
    assert.deepEqual(functions.map(({ FunctionName }) => FunctionName).sort(), ['audit', 'orders', 'zebra']);
    assert.deepEqual(
      versions.map(({ Version }) => Version),
      ['$LATEST', '1', '2'],
    );
    assert.equal(new Set(layers.map(({ LayerName }) => LayerName)).size, 7);
    assert.deepEqual(
      layerVersions.map(({ Version }) => Version),
      [2, 1],
    );
  });
}

async function deleteEverything(t: TestContext, { service, caller, archives }: Scene): Promise<void> {
  await step(t, 'a layer version that is deleted stays with the functions that have it', async () => {
    const keeper = { FunctionName: 'keeper' };
    const layers = { Layers: [layerArn('watch', 1)] };
    await caller.call('CreateFunction', { ...keeper, ...code, ...layers }, archives.orders);
    await caller.wait('function-active-v2', 'keeper');
    for (const VersionNumber of [1, 2])
      await caller.call('DeleteLayerVersion', { LayerName: 'watch', VersionNumber });
    await assert.rejects(caller.call('GetLayerVersion', { LayerName: 'watch', VersionNumber: 1 }), {
      name: 'ResourceNotFoundException',
    });
    await assert.rejects(
      caller.call('CreateFunction', { ...code, ...layers, FunctionName: 'late' }, archives.orders),
      { name: 'InvalidParameterValueException', message: /watch:1 does not exist/ },
    );
    // Its first environment of all starts after the deletion.
    assert.match((await caller.invoke(keeper)).log, /^hello-bash: /m);
  });

  await step(t, 'what is deleted is gone', async () => {
    await caller.call('DeleteAlias', { ...orders, Name: 'live' });
    await caller.call('DeleteFunction', { ...orders, Qualifier: '1' });
    await assert.rejects(caller.invoke({ ...orders, Qualifier: '1' }), {
      name: 'ResourceNotFoundException',
      message: `Function not found: ${ordersArn}:1`,
    });
    await Promise.all(
      ['orders', 'keeper', 'audit', 'zebra'].map((FunctionName) =>
        caller.call('DeleteFunction', { FunctionName }),
      ),
    );
    await assert.rejects(caller.invoke(orders), {
      name: 'ResourceNotFoundException',
      message: `Function not found: ${ordersArn}:$LATEST`,
    });
    await assert.rejects(caller.call('GetFunction', orders), {
      name: 'ResourceNotFoundException',
      message: `Function not found: ${ordersArn}`,
    });
    assert.deepEqual((await caller.call('ListFunctions', {})).Functions, []);
    const gone = (all: Awaited<ReturnType<typeof readMetrics>>) => all.sum('thaw_environments') === 0;
    await untilMetrics(service.url, gone);
  });
}

async function usePublishedExtension(t: TestContext, { service, caller, archives }: Scene): Promise<void> {
  await step(t, "an error tracker's published extension reports what went wrong", async () => {
    const book = { FunctionName: 'book-orders' };
    const [tracker, sink] = await Promise.all([
      caller.call('PublishLayerVersion', { LayerName: 'error-tracker' }, archives.sentry),
      caller.call('PublishLayerVersion', { LayerName: 'loopback-sink' }, archives.loopbackSink),
    ]);
    await caller.call(
      'CreateFunction',
      {
        ...book,
        ...code,
        MemorySize: 512,
        Layers: [tracker.LayerVersionArn, sink.LayerVersionArn],
        Environment: { Variables: { SENTRY_DSN: 'http://key@localhost:9009/1' } },
      },
      archives.bookOrders,
    );
    await caller.wait('function-active-v2', 'book-orders');
    const event = {
      orders: [
        { id: 'A-1', quantity: 2 },
        { id: 'A-2', quantity: -1 },
      ],
    };
    const { functionError, payload } = await caller.invoke({ ...book, event });
    assert.deepEqual([functionError, payload], [undefined, { booked: ['A-1'], refused: ['A-2'] }]);
    // Its delivery may be cut off by the freeze: then it arrives after the thaw that SHUTDOWN brings.
    await caller.call('DeleteFunction', book);
    await untilLogged(
      service,
      'book-orders',
      /loopback-sink: project 1 received event \[error\] RangeError: order A-2 has quantity -1/,
    );
  });
}

/** The next one builds on it. */
async function step(t: TestContext, name: string, run: () => Promise<void>): Promise<void> {
  let hasFailed = true;
  await t.test(name, async () => {
    await run();
    hasFailed = false;
  });
  if (hasFailed) throw new Error(`what comes after '${name}' was not tried`);
}

async function setLayers(caller: LambdaCaller, Layers: readonly string[]): Promise<void> {
  const updated = await caller.call('UpdateFunctionConfiguration', { ...orders, Layers });
  assert.equal(updated.LastUpdateStatus, 'InProgress');
  await caller.wait('function-updated-v2', 'orders');
}

function expectGreeting({ status, functionError, payload }: Invoked, name: string): void {
  const context = JSON.stringify(payload);
  assert.deepEqual([status, functionError, payload.greeting], [200, undefined, `Hello, ${name}!`], context);
}

/** Resolves when the function's log has it. */
async function untilLogged(service: RunningService, name: string, pattern: RegExp): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  for (;;) {
    const { stdout } = await service.thaw('logs', name);
    if (pattern.test(stdout)) return;
    assert.ok(performance.now() < deadlineMs, `the log of ${name} does not have ${pattern}:\n${stdout}`);
    await pause(100);
  }
}
