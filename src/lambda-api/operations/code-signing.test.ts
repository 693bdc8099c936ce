import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateCodeSigningConfigCommand,
  DeleteCodeSigningConfigCommand,
  DeleteFunctionCodeSigningConfigCommand,
  GetCodeSigningConfigCommand,
  GetFunctionCodeSigningConfigCommand,
  ListCodeSigningConfigsCommand,
  ListFunctionsByCodeSigningConfigCommand,
  PutFunctionCodeSigningConfigCommand,
  UpdateCodeSigningConfigCommand,
} from '@aws-sdk/client-lambda';
import { deleteFunction } from '../../deploy/delete-function.ts';
import { refuseUnsigned } from '../../deploy/function-code-signing.ts';
import { deployedServer, refused } from '../testing/deployed-server.ts';

const AllowedPublishers = {
  SigningProfileVersionArns: ['arn:aws:signer:us-east-1:123456789012:/signing-profiles/one/abc'],
};
const unknown = 'arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-00000000000000000';
const FunctionName = 'greeter';

test('a configuration from creation to deletion', async (t) => {
  const { client } = await deployedServer(t);
  const { CodeSigningConfig: made } = await client.send(
    new CreateCodeSigningConfigCommand({ AllowedPublishers, Description: 'ours' }),
  );
  assert.match(made?.CodeSigningConfigId ?? '', /^csc-[a-z0-9]{17}$/);
  const { CodeSigningConfigArn } = made!;
  assert.deepEqual(made, {
    CodeSigningConfigId: made?.CodeSigningConfigId,
    CodeSigningConfigArn: unknown.replace('csc-00000000000000000', made?.CodeSigningConfigId ?? ''),
    Description: 'ours',
    AllowedPublishers,
    CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Warn' },
    LastModified: made?.LastModified,
  });
  const updated = await client.send(
    new UpdateCodeSigningConfigCommand({
      CodeSigningConfigArn,
      CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Enforce' },
    }),
  );
  assert.equal(updated.CodeSigningConfig?.Description, 'ours');
  const found = await client.send(new GetCodeSigningConfigCommand({ CodeSigningConfigArn }));
  assert.deepEqual(found.CodeSigningConfig, updated.CodeSigningConfig);
  const { CodeSigningConfigs } = await client.send(new ListCodeSigningConfigsCommand({}));
  assert.deepEqual(CodeSigningConfigs, [updated.CodeSigningConfig]);
  await client.send(new DeleteCodeSigningConfigCommand({ CodeSigningConfigArn }));
  await refused(
    client.send(new GetCodeSigningConfigCommand({ CodeSigningConfigArn })),
    'ResourceNotFoundException',
    `The Lambda code signing configuration ${CodeSigningConfigArn} can not be found.`,
  );
});

test('functions that use a configuration', async (t) => {
  const { client, createFunction, deployment } = await deployedServer(t);
  await createFunction(FunctionName);
  const { CodeSigningConfig } = await client.send(
    new CreateCodeSigningConfigCommand({
      AllowedPublishers,
      CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Enforce' },
    }),
  );
  const { CodeSigningConfigArn = '' } = CodeSigningConfig ?? {};
  const attach = new PutFunctionCodeSigningConfigCommand({ FunctionName, CodeSigningConfigArn });
  const attached = async () => {
    const { $metadata, ...answer } = await client.send(
      new GetFunctionCodeSigningConfigCommand({ FunctionName }),
    );
    return answer;
  };
  const users = async () =>
    (await client.send(new ListFunctionsByCodeSigningConfigCommand({ CodeSigningConfigArn }))).FunctionArns;

  assert.deepEqual(await attached(), {});
  const { $metadata, ...answer } = await client.send(attach);
  assert.deepEqual(answer, { FunctionName, CodeSigningConfigArn });
  assert.deepEqual(await attached(), answer);
  assert.deepEqual(await users(), ['arn:aws:lambda:us-east-1:123456789012:function:greeter']);
  assert.throws(() => refuseUnsigned(deployment.catalog.codeSigning.of(FunctionName)), {
    type: 'CodeVerificationFailedException',
    message: new RegExp(`Thaw does not verify signatures: .* ${CodeSigningConfigArn} to Warn`),
  });
  await refused(
    client.send(new DeleteCodeSigningConfigCommand({ CodeSigningConfigArn })),
    'ResourceConflictException',
    `The code signing configuration ${CodeSigningConfigArn} cannot be deleted: functions use it, greeter among them. Take it off them first.`,
  );
  await client.send(new DeleteFunctionCodeSigningConfigCommand({ FunctionName }));
  assert.deepEqual(await attached(), {});
  refuseUnsigned(deployment.catalog.codeSigning.of(FunctionName));

  await client.send(attach);
  deleteFunction(deployment, { functionName: FunctionName });
  assert.deepEqual(await users(), []);
  await client.send(new DeleteCodeSigningConfigCommand({ CodeSigningConfigArn }));
  await createFunction(FunctionName);
  await refused(
    client.send(attach),
    'CodeSigningConfigNotFoundException',
    `The code signing configuration cannot be found. Check that the provided configuration is not deleted: ${CodeSigningConfigArn}.`,
  );
});
