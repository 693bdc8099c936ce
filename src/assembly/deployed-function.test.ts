import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { openPackageStore, type PackageStore } from '../artifacts/package-store.ts';
import { noRuntimeSettings } from '../artifacts/runtimes/runtime-settings.ts';
import { rawZip } from '../artifacts/testing/raw-zip.ts';
import type { FunctionConfiguration, FunctionVersion, LayerReference } from '../domain/function-version.ts';
import { ServiceError } from '../domain/service-error.ts';
import { DeployedFunctions } from './deployed-function.ts';

const identity = { region: 'eu-central-1', accountId: '123456789012' };
const role = 'arn:aws:iam::123456789012:role/reader';

const configuration: FunctionConfiguration = {
  FunctionName: 'orders',
  FunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:orders:7',
  Role: role,
  PackageType: 'Zip',
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  CodeSize: 1,
  CodeSha256: '',
  Description: '',
  Timeout: 15,
  MemorySize: 1769,
  LastModified: '2026-01-31T12:34:56.789+0000',
  Version: '7',
  Environment: { Variables: { TABLE: 'orders' } },
  TracingConfig: { Mode: 'PassThrough' },
  RevisionId: '',
  State: 'Active',
  Architectures: ['x86_64'],
  EphemeralStorage: { Size: 1024 },
  SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
  LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/orders' },
};

interface Bench {
  readonly packages: PackageStore;
  readonly functions: DeployedFunctions;
  /** Who got credentials, in order. */
  readonly issued: string[];
  readonly version: (changes?: Partial<FunctionConfiguration>) => FunctionVersion;
  readonly layers: readonly LayerReference[];
  /** Packages in use, of those nothing references. */
  readonly inUse: () => Promise<number>;
}

async function bench(t: TestContext): Promise<Bench> {
  const root = mkdtempSync(path.join(tmpdir(), 'thaw-deployed-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const packages = await openPackageStore(path.join(root, 'packages'), { unreferencedMs: 0 });
  const code = await packages.put(rawZip([{ name: 'index.js', contents: 'code' }]));
  const layers: LayerReference[] = [];
  for (const name of ['one', 'two']) {
    const reference = await packages.put(rawZip([{ name, contents: name }]));
    layers.push({ ...reference, arn: `arn:aws:lambda:eu-central-1:123456789012:layer:${name}:1` });
  }
  const issued: string[] = [];
  return {
    packages,
    functions: new DeployedFunctions({
      packages,
      identity,
      storeRoot: path.join(root, 'store'),
      runtimeSettings: noRuntimeSettings,
      cpu: 'lambda',
      egress: true,
      onWork: () => {},
      issue: (roleArn, sessionName) => {
        if (roleArn.endsWith('/nobody')) throw new Error('no such role');
        issued.push(`${roleArn} ${sessionName}`);
        const number = issued.length;
        return {
          accessKeyId: `ASIA${number}`,
          secretAccessKey: 'secret',
          sessionToken: `token ${number}`,
          expiresAtMs: 1000 + number,
        };
      },
    }),
    issued,
    layers,
    version: (changes = {}) => ({
      functionName: 'orders',
      version: '7',
      configuration: { ...configuration, ...changes },
      code,
      layers,
    }),
    inUse: async () => {
      await packages.collect(() => false);
      return readdirSync(path.join(root, 'packages', 'trees')).length;
    },
  };
}

test('a deployed version becomes what an environment is made from', async (t) => {
  const { functions, packages, issued, version, layers } = await bench(t);
  const { spec, mounts, release, ...rest } = await functions.prepare(version());
  assert.deepEqual(spec, {
    functionName: 'orders',
    functionVersion: '7',
    ...identity,
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    memoryMiB: 1769,
    timeoutMs: 15_000,
    ephemeralStorageMiB: 1024,
    variables: { TABLE: 'orders' },
    credentials: { accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'token 1' },
    logging: { format: 'Text' },
    initializationType: 'on-demand',
  });
  assert.deepEqual(issued, [`${role} orders`]);
  const { runtimeVersion, ...figures } = rest;
  assert.match(runtimeVersion?.name ?? '', /^nodejs:24\.v24\./);
  assert.match(runtimeVersion?.arn ?? '', /^arn:aws:lambda:eu-central-1::runtime:[0-9a-f]{64}$/);
  assert.deepEqual(figures, {
    packageBytes: 10,
    notices: [],
    cpus: 1,
    egress: true,
    logGroupName: '/aws/lambda/orders',
    credentialsExpireAtMs: 1001,
  });
  const sources = Object.fromEntries(mounts.mounts.map((mount) => [mount.target, mount.sources]));
  assert.deepEqual(Object.keys(sources).sort(), ['/opt', '/var/lang', '/var/runtime', '/var/task']);
  assert.equal(readFileSync(path.join(sources['/var/task']?.[0] ?? '', 'index.js'), 'utf8'), 'code');
  const layerDirs = layers.map(({ digest }) => path.join(path.dirname(packages.emptyDir), 'trees', digest));
  assert.deepEqual(sources['/opt'], layerDirs);
  release();
});

test('OS-only, JSON, without layers and variables', async (t) => {
  const { functions, packages, version } = await bench(t);
  const { Environment: _, ...without } = configuration;
  const deployed = await functions.prepare({
    ...version(),
    layers: [],
    configuration: {
      ...without,
      Runtime: 'provided.al2023',
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN', LogGroup: 'elsewhere' },
    },
  });
  assert.deepEqual(deployed.spec.variables, {});
  assert.deepEqual(deployed.spec.logging, {
    format: 'JSON',
    applicationLogLevel: 'INFO',
    systemLogLevel: 'WARN',
  });
  assert.equal(deployed.logGroupName, 'elsewhere');
  assert.equal(deployed.runtimeVersion, undefined);
  const opt = deployed.mounts.mounts.find(({ target }) => target === '/opt');
  assert.deepEqual(opt?.sources, [packages.emptyDir]);
});

test('its files stay until every environment has released them; each has credentials of its own', async (t) => {
  const { functions, version, inUse } = await bench(t);
  const [one, two] = await Promise.all([functions.prepare(version()), functions.prepare(version())]);
  assert.notEqual(one.spec.credentials.sessionToken, two.spec.credentials.sessionToken);
  assert.deepEqual(one.mounts, two.mounts);
  one.release();
  one.release();
  assert.equal(await inUse(), 3);
  two.release();
  assert.equal(await inUse(), 0);
});

test('a failure holds nothing', async (t) => {
  const { functions, version, inUse, packages } = await bench(t);
  await assert.rejects(
    functions.prepare(version({ Role: 'arn:aws:iam::123456789012:role/nobody' })),
    /no such role/,
  );
  const [, layer] = version().layers;
  assert.ok(layer);
  await packages.collect((digest) => digest !== layer.digest);
  await assert.rejects(functions.prepare(version()), {
    type: 'InvalidZipFileException',
    message: /^orders cannot run here: /,
  });
  assert.equal(await inUse(), 0);
});

const refusals: readonly (readonly [
  changes: Partial<FunctionConfiguration>,
  reason: RegExp,
  type?: ServiceError['type'],
])[] = [
  [{ Runtime: 'python2.7' }, /python2\.7/],
  [{ PackageType: 'Image' }, /its package is a container image/],
  [
    { FileSystemConfigs: [{ Arn: 'arn:aws:elasticfilesystem:…', LocalMountPath: '/mnt/data' }] },
    /it mounts a file system at \/mnt\/data/,
    'EFSMountFailureException',
  ],
  // Nowhere to be had, so that it is installed nowhere.
  [{ Runtime: 'dotnet5.0' }, /dotnet5\.0 needs /],
];
for (const [changes, reason, type = 'InvalidRuntimeException'] of refusals) {
  test(`refused in plain words: ${JSON.stringify(changes)}`, async (t) => {
    const { functions, version, issued } = await bench(t);
    await assert.rejects(functions.prepare(version(changes)), (error) => {
      assert.ok(error instanceof ServiceError);
      assert.equal(error.type, type);
      assert.match(error.message, /^orders cannot run here: /);
      assert.match(error.message, reason);
      return true;
    });
    assert.deepEqual(issued, []);
  });
}
