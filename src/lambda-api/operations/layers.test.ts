import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  AddLayerVersionPermissionCommand,
  DeleteLayerVersionCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  PublishLayerVersionCommand,
  type PublishLayerVersionCommandInput,
  RemoveLayerVersionPermissionCommand,
} from '@aws-sdk/client-lambda';
import { rawZip } from '../../artifacts/testing/raw-zip.ts';
import { createFunction } from '../../deploy/create-function.ts';
import { sampleRequest } from '../../deploy/testing/deployed.ts';
import { deployedServer, refused } from '../testing/deployed-server.ts';

const base = 'arn:aws:lambda:us-east-1:123456789012:layer';
const zip = rawZip([{ name: 'extensions/probe', contents: '#!/bin/sh\n' }]);
const sample = (LayerName: string): PublishLayerVersionCommandInput => ({
  LayerName,
  Content: { ZipFile: zip },
});

test('a layer from its first version to its last', async (t) => {
  const { client, deployment } = await deployedServer(t);
  const first = await client.send(
    new PublishLayerVersionCommand({
      ...sample('probe'),
      Description: 'an extension',
      CompatibleRuntimes: ['nodejs24.x'],
      CompatibleArchitectures: ['x86_64'],
      LicenseInfo: 'Apache-2.0',
    }),
  );
  assert.equal(first.$metadata.httpStatusCode, 201);
  const digest = createHash('sha256').update(zip);
  assert.deepEqual(first.Content, {
    Location: `http://127.0.0.1/packages/${digest.copy().digest('hex')}`,
    CodeSha256: digest.digest('base64'),
    CodeSize: zip.length,
  });
  assert.match(first.CreatedDate ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
  const { Content, $metadata, ...members } = first;
  assert.deepEqual(members, {
    LayerArn: `${base}:probe`,
    LayerVersionArn: `${base}:probe:1`,
    Version: 1,
    Description: 'an extension',
    CreatedDate: first.CreatedDate,
    CompatibleRuntimes: ['nodejs24.x'],
    CompatibleArchitectures: ['x86_64'],
    LicenseInfo: 'Apache-2.0',
  });

  const second = await client.send(
    new PublishLayerVersionCommand({ ...sample(`${base}:probe`), CompatibleRuntimes: [] }),
  );
  assert.equal(second.Version, 2);
  assert.deepEqual(second.CompatibleRuntimes, []);
  assert.equal(second.Description, '');

  const versions = await client.send(new ListLayerVersionsCommand({ LayerName: 'probe' }));
  assert.deepEqual(
    versions.LayerVersions?.map(({ Version }) => Version),
    [2, 1],
  );
  const { Layers } = await client.send(new ListLayersCommand({ CompatibleRuntime: 'nodejs24.x' }));
  assert.deepEqual(
    Layers?.map(({ LayerName, LayerArn, LatestMatchingVersion }) => [
      LayerName,
      LayerArn,
      LatestMatchingVersion?.Version,
    ]),
    [['probe', `${base}:probe`, 1]],
  );

  const found = await client.send(new GetLayerVersionCommand({ LayerName: 'probe', VersionNumber: 1 }));
  const byArn = await client.send(new GetLayerVersionByArnCommand({ Arn: `${base}:probe:1` }));
  for (const answer of [found, byArn]) {
    const { $metadata: _, ...same } = answer;
    assert.deepEqual(same, { Content, ...members });
  }

  await createFunction(deployment, { ...sampleRequest('user'), Layers: [`${base}:probe:1`] });
  await deployment.settler.idle();
  const remove = new DeleteLayerVersionCommand({ LayerName: 'probe', VersionNumber: 1 });
  for (const again of [false, true])
    assert.equal((await client.send(remove)).$metadata.httpStatusCode, 204, `again: ${again}`);
  await client.send(new DeleteLayerVersionCommand({ LayerName: 'probe', VersionNumber: 2 }));
  await refused(
    client.send(new GetLayerVersionCommand({ LayerName: 'probe', VersionNumber: 1 })),
    'ResourceNotFoundException',
    'The resource you requested does not exist.',
  );
  assert.deepEqual((await client.send(new ListLayersCommand({}))).Layers, []);
  const kept = deployment.catalog.functions.latest('user');
  assert.deepEqual(kept?.layers[0], {
    arn: `${base}:probe:1`,
    digest: createHash('sha256').update(zip).digest('hex'),
    size: zip.length,
    unzippedSize: 10,
  });
  assert.ok(deployment.catalog.usesPackage(kept.layers[0]!.digest));

  const third = await client.send(new PublishLayerVersionCommand(sample('probe')));
  assert.equal(third.Version, 3, 'a number is never given twice');
});

test('lists of layers come in pages', async (t) => {
  const { client } = await deployedServer(t);
  for (const name of ['c', 'a', 'b']) await client.send(new PublishLayerVersionCommand(sample(name)));
  const first = await client.send(new ListLayersCommand({ MaxItems: 2 }));
  const next = await client.send(new ListLayersCommand({ MaxItems: 2, Marker: first.NextMarker }));
  assert.deepEqual(
    [first, next].map(({ Layers }) => Layers?.map(({ LayerName }) => LayerName)),
    [['a', 'b'], ['c']],
  );
  assert.equal(next.NextMarker, undefined);
  const none = await client.send(new ListLayerVersionsCommand({ LayerName: 'unknown' }));
  assert.deepEqual(none.LayerVersions, []);
});

test('what is refused of layers', async (t) => {
  const { client } = await deployedServer(t);
  await refused(
    client.send(new GetLayerVersionCommand({ LayerName: 'probe', VersionNumber: 0 })),
    'InvalidParameterValueException',
    'Layer Version Cannot be less than 1',
  );
  await refused(
    client.send(new DeleteLayerVersionCommand({ LayerName: 'probe', VersionNumber: -1 })),
    'InvalidParameterValueException',
    'Layer Version Cannot be less than 1',
  );
  await refused(
    client.send(new GetLayerVersionByArnCommand({ Arn: `${base}:probe:1` })),
    'ResourceNotFoundException',
    'The resource you requested does not exist.',
  );
  await refused(
    client.send(new GetLayerVersionByArnCommand({ Arn: `${base.replace('1234', '9876')}:probe:1` })),
    'ResourceNotFoundException',
    'arn:aws:lambda:us-east-1:987656789012:layer:probe:1 is a layer of account 987656789012 in us-east-1; here are those of account 123456789012 in us-east-1 only. Download it there and publish it here.',
  );
  const publish = (Content: PublishLayerVersionCommandInput['Content']) =>
    client.send(new PublishLayerVersionCommand({ LayerName: 'probe', Content }));
  await refused(
    publish({ S3Bucket: 'bucket', S3Key: 'probe.zip' }),
    'InvalidParameterValueException',
    'Thaw does not fetch layers from S3 (s3://bucket/probe.zip). Upload the zip archive itself: ZipFile.',
  );
  await refused(
    publish({}),
    'InvalidParameterValueException',
    'Please provide a source for layer content: ZipFile.',
  );
  await refused(
    publish({ ZipFile: Buffer.from('no zip') }),
    'InvalidParameterValueException',
    'Could not unzip uploaded file. Please check your file, then try to upload again.',
  );
  await assert.rejects(
    client.send(
      new PublishLayerVersionCommand({
        ...sample('probe'),
        CompatibleRuntimes: ['nodejs99.x' as 'nodejs24.x'],
      }),
    ),
    { name: 'ValidationException' },
  );
  await assert.rejects(
    client.send(new PublishLayerVersionCommand({ ...sample('probe'), LicenseInfo: 'x'.repeat(513) })),
    { name: 'ValidationException' },
  );
});

test('the policy of a layer version', async (t) => {
  const { client } = await deployedServer(t);
  await client.send(new PublishLayerVersionCommand(sample('probe')));
  const version = { LayerName: 'probe', VersionNumber: 1 };
  const read = { Action: 'lambda:GetLayerVersion' };
  const all = await client.send(
    new AddLayerVersionPermissionCommand({
      ...version,
      ...read,
      StatementId: 'all',
      Principal: '*',
      OrganizationId: 'o-abcdefghij',
    }),
  );
  assert.deepEqual(JSON.parse(all.Statement ?? ''), {
    Sid: 'all',
    Effect: 'Allow',
    Principal: '*',
    Action: 'lambda:GetLayerVersion',
    Resource: `${base}:probe:1`,
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
  });
  const other = { ...version, ...read, StatementId: 'other', Principal: '210987654321' };
  await refused(
    client.send(new AddLayerVersionPermissionCommand({ ...other, RevisionId: 'wrong' })),
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id',
  );
  const added = await client.send(
    new AddLayerVersionPermissionCommand({ ...other, RevisionId: all.RevisionId }),
  );
  await refused(
    client.send(new AddLayerVersionPermissionCommand(other)),
    'ResourceConflictException',
    'The statement id (other) provided already exists. Please provide a new statement id, or remove the existing statement.',
  );
  const policy = await client.send(new GetLayerVersionPolicyCommand(version));
  assert.equal(policy.RevisionId, added.RevisionId);
  assert.deepEqual(JSON.parse(policy.Policy ?? ''), {
    Version: '2012-10-17',
    Id: 'default',
    Statement: [JSON.parse(all.Statement ?? ''), JSON.parse(added.Statement ?? '')],
  });
  assert.deepEqual(JSON.parse(added.Statement ?? '').Principal, { AWS: 'arn:aws:iam::210987654321:root' });

  const remove = (StatementId: string) =>
    client.send(new RemoveLayerVersionPermissionCommand({ ...version, StatementId }));
  await refused(
    remove('unknown'),
    'ResourceNotFoundException',
    'Statement unknown is not found in resource policy.',
  );
  await remove('all');
  await remove('other');
  const noPolicy = 'No policy is associated with the given resource.';
  await refused(remove('other'), 'ResourceNotFoundException', noPolicy);
  await refused(
    client.send(new GetLayerVersionPolicyCommand(version)),
    'ResourceNotFoundException',
    noPolicy,
  );
  await refused(
    client.send(new GetLayerVersionPolicyCommand({ ...version, VersionNumber: 7 })),
    'ResourceNotFoundException',
    `Layer version ${base}:probe:7 does not exist.`,
  );
});
