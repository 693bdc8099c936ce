import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CreateFunctionRequest, createFunction } from './create-function.ts';
import type { Deployment } from './deployment.ts';
import { deployed, layerArn, sampleRequest, zip } from './testing/deployed.ts';
import { updateFunctionConfiguration } from './update-function-configuration.ts';

const invalid = 'InvalidParameterValueException';
const variables =
  'Lambda was unable to configure your environment variables because the environment variables you have provided';

const cases: Record<string, [Partial<CreateFunctionRequest>, string, string | RegExp]> = {
  'an unknown runtime': [
    { Runtime: 'nodejs99.x' },
    invalid,
    /^Value nodejs99\.x at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[nodejs, .*, custom\] or be a valid ARN$/,
  ],
  'no runtime': [
    { Runtime: undefined },
    invalid,
    'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
  ],
  'no handler': [
    { Handler: undefined },
    invalid,
    'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
  ],
  'reserved variables': [
    { Environment: { Variables: { AWS_REGION: 'x', STAGE: 'x', AWS_SESSION_TOKEN: 'x' } } },
    invalid,
    `${variables} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION, AWS_SESSION_TOKEN`,
  ],
  'too many bytes of variables': [
    // {"A":"…"} has 8 characters besides the value.
    { Environment: { Variables: { A: 'x'.repeat(4089) } } },
    invalid,
    `${variables} exceeded the 4KB limit. String measured: {"A":"${'x'.repeat(4089)}"}`,
  ],
  'too much memory': [
    { MemorySize: 10_241 },
    invalid,
    "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 10240",
  ],
  'too long a timeout': [
    { Timeout: 901 },
    invalid,
    "'Timeout' value failed to satisfy constraint: Member must have value less than or equal to 900",
  ],
  'six layers': [
    { Layers: Array.from({ length: 6 }, (_, index) => layerArn(`l${index}`)) },
    invalid,
    'Cannot reference more than 5 layers.',
  ],
  'two versions of a layer': [
    { Layers: [layerArn('small'), layerArn('small', 2)] },
    invalid,
    `Two different versions of the same layer are not allowed to be referenced in the same function. ${layerArn('small')} and ${layerArn('small', 2)} are versions of the same layer.`,
  ],
  'one version of a layer twice': [
    { Layers: [layerArn('small'), layerArn('small')] },
    invalid,
    `Two different versions of the same layer are not allowed to be referenced in the same function. ${layerArn('small')} and ${layerArn('small')} are versions of the same layer.`,
  ],
  'a layer that is not there': [
    { Layers: [layerArn('nowhere')] },
    invalid,
    `Layer version ${layerArn('nowhere')} does not exist.`,
  ],
  'code and layers too large': [
    { Layers: [layerArn('large')] },
    invalid,
    `Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is ${262_144_000 + 'exports.handler = async () => 1'.length} bytes.`,
  ],
  'no code': [{ Code: {} }, invalid, 'Please provide a source for function code.'],
  'code from two places': [
    { Code: { ZipFile: zip(), S3Bucket: 'bucket', S3Key: 'key' } },
    invalid,
    'Please do not provide other FunctionCode parameters when providing a ZipFile.',
  ],
  'code from S3': [
    { Code: { S3Bucket: 'bucket', S3Key: 'key' } },
    invalid,
    'Thaw does not fetch code from S3 (s3://bucket/key). Upload the zip archive itself: ZipFile.',
  ],
  'an image': [{ PackageType: 'Image' }, invalid, /^Thaw does not run container images\./],
  'code in an image': [{ Code: { ImageUri: 'image' } }, invalid, /^Thaw does not run container images\./],
  'what Thaw cannot do': [
    { DurableConfig: {}, ImageConfig: {} },
    invalid,
    'Thaw does not support ImageConfig, DurableConfig, and would not do what it asks for. Leave it out.',
  ],
  'levels of text logs': [
    { LoggingConfig: { LogFormat: 'Text', ApplicationLogLevel: 'DEBUG' } },
    invalid,
    /need the JSON log format/,
  ],
  'a name too long': [
    { FunctionName: 'n'.repeat(65) },
    'ValidationException',
    `1 validation error detected: Value '${'n'.repeat(65)}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
  ],
  'a name in another region': [
    { FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:refused' },
    'ResourceNotFoundException',
    "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
  ],
  'a name that is taken': [
    { FunctionName: 'taken' },
    'ResourceConflictException',
    'Function already exist: taken',
  ],
  'a code signing configuration that is not there': [
    {
      CodeSigningConfigArn: 'arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-00000000000000000',
    },
    'CodeSigningConfigNotFoundException',
    /^The code signing configuration cannot be found\./,
  ],
  'too many tags': [
    { Tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, ''])) },
    invalid,
    'Number of tags exceeds resource tag limit.',
  ],
  'a log group that the log store has no room for': [
    { LoggingConfig: { LogGroup: `${'x'.repeat(253)}/` } },
    invalid,
    /^Thaw cannot keep a log group of the name x+\/: it has room for 255 bytes/,
  ],
};

test('what CreateFunction refuses, in the words of the service; nothing is left behind', async (t) => {
  const { deployment, layers } = await deployed(t);
  await createFunction(deployment, sampleRequest('taken'));
  for (const [name, version, unzippedSize] of [
    ['small', 1, 10],
    ['small', 2, 10],
    ['large', 1, 262_144_000],
  ] as const) {
    const arn = layerArn(name, version);
    layers.set(arn, { arn, digest: 'f'.repeat(64), size: 5, unzippedSize });
  }
  for (const [name, [request, type, message]] of Object.entries(cases))
    await t.test(name, async () => {
      await assert.rejects(createFunction(deployment, { ...sampleRequest('refused'), ...request }), {
        type,
        message,
      });
      assert.equal(deployment.catalog.functions.count(), 1);
    });
});

test('4096 bytes of variables are accepted', async (t) => {
  const { deployment } = await deployed(t);
  const Variables = { A: 'x'.repeat(4088) };
  const { Environment } = await createFunction(deployment, {
    ...sampleRequest('one'),
    Environment: { Variables },
  });
  assert.deepEqual(Environment, { Variables });
});

test('a layer that is deleted while the code comes is not there any more', async (t) => {
  const { deployment, layers } = await deployed(t);
  const arn = layerArn('small');
  layers.set(arn, { arn, digest: 'f'.repeat(64), size: 5, unzippedSize: 10 });
  const packages: Deployment['packages'] = {
    ...deployment.packages,
    put: async (archive) => {
      layers.clear();
      return await deployment.packages.put(archive);
    },
  };
  await assert.rejects(
    createFunction({ ...deployment, packages }, { ...sampleRequest('one'), Layers: [arn] }),
    { type: invalid, message: `Layer version ${arn} does not exist.` },
  );
  assert.equal(deployment.catalog.functions.count(), 0);
});

test('an update leaves what it does not mention, and takes away what is emptied', async (t) => {
  const { deployment, layers } = await deployed(t);
  const arn = layerArn('small');
  const { digest } = await deployment.packages.put(zip('a layer'));
  layers.set(arn, { arn, digest, size: 5, unzippedSize: 10 });
  const settings = {
    Environment: { Variables: { STAGE: 'blue' } },
    DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:123456789012:letters' },
    KMSKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/1',
    FileSystemConfigs: [
      {
        Arn: 'arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-00000000000000000',
        LocalMountPath: '/mnt/files',
      },
    ],
    VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    LoggingConfig: { LogFormat: 'JSON' as const, SystemLogLevel: 'WARN' as const },
    SnapStart: { ApplyOn: 'PublishedVersions' as const },
    Architectures: ['arm64' as const],
    Layers: [arn],
  };
  const created = await createFunction(deployment, { ...sampleRequest('one'), ...settings });
  assert.deepEqual(created.Layers, [{ Arn: arn, CodeSize: 5 }]);
  assert.deepEqual(created.VpcConfig, { ...settings.VpcConfig, VpcId: '', Ipv6AllowedForDualStack: false });
  assert.deepEqual(created.SnapStart, { ApplyOn: 'PublishedVersions', OptimizationStatus: 'Off' });
  const json = {
    LogFormat: 'JSON',
    ApplicationLogLevel: 'INFO',
    SystemLogLevel: 'WARN',
    LogGroup: '/aws/lambda/one',
  };
  assert.deepEqual(created.LoggingConfig, json);
  await deployment.settler.idle();

  // The layer is deleted meanwhile: the function keeps it, and may go on naming it.
  layers.clear();
  const { RevisionId, LastModified, State, StateReason, StateReasonCode, ...before } = created;
  const kept = updateFunctionConfiguration(deployment, 'one', { Description: 'kept', Layers: [arn] });
  assert.deepEqual({ ...kept, ...before, Description: 'kept' }, kept);
  await deployment.settler.idle();

  const emptied = updateFunctionConfiguration(deployment, 'one', {
    Environment: { Variables: {} },
    DeadLetterConfig: { TargetArn: '' },
    KMSKeyArn: '',
    FileSystemConfigs: [],
    LoggingConfig: { LogFormat: 'Text' },
    Layers: [],
  });
  assert.deepEqual(emptied.Environment, { Variables: {} });
  assert.deepEqual(emptied.LoggingConfig, { LogFormat: 'Text', LogGroup: '/aws/lambda/one' });
  for (const name of ['DeadLetterConfig', 'KMSKeyArn', 'FileSystemConfigs', 'Layers'])
    assert.ok(!(name in emptied), name);
  await deployment.settler.idle();
  assert.throws(() => updateFunctionConfiguration(deployment, 'one', { Layers: [arn] }), /does not exist/);
});
