import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateCodeSigningConfigCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-lambda';
import { deleteFunction } from '../../deploy/delete-function.ts';
import { deployedServer, refused } from '../testing/deployed-server.ts';

const Resource = 'arn:aws:lambda:us-east-1:123456789012:function:greeter';
const publishers = {
  SigningProfileVersionArns: ['arn:aws:signer:us-east-1:123456789012:/signing-profiles/one/abc'],
};

test('tags come, change and go', async (t) => {
  const { client, createFunction, deployment } = await deployedServer(t);
  await createFunction('greeter');
  const tags = async () => (await client.send(new ListTagsCommand({ Resource }))).Tags;
  assert.deepEqual(await tags(), {});
  await client.send(new TagResourceCommand({ Resource, Tags: { team: 'blue', stage: 'test' } }));
  await client.send(new TagResourceCommand({ Resource, Tags: { team: 'red' } }));
  assert.deepEqual(await tags(), { team: 'red', stage: 'test' });
  await client.send(new UntagResourceCommand({ Resource, TagKeys: ['stage', 'unknown'] }));
  assert.deepEqual(await tags(), { team: 'red' });

  deleteFunction(deployment, { functionName: 'greeter' });
  await createFunction('greeter');
  assert.deepEqual(await tags(), {}, 'they went with the function');
});

test('code signing configurations have tags too', async (t) => {
  const { client } = await deployedServer(t);
  const { CodeSigningConfig } = await client.send(
    new CreateCodeSigningConfigCommand({ AllowedPublishers: publishers, Tags: { team: 'blue' } }),
  );
  const arn = CodeSigningConfig!.CodeSigningConfigArn!;
  await client.send(new TagResourceCommand({ Resource: arn, Tags: { stage: 'test' } }));
  await client.send(new UntagResourceCommand({ Resource: arn, TagKeys: ['team'] }));
  assert.deepEqual((await client.send(new ListTagsCommand({ Resource: arn }))).Tags, { stage: 'test' });
});

test('what is refused of tags', async (t) => {
  const { client, createFunction } = await deployedServer(t);
  await createFunction('greeter');
  const tag = (Tags: Record<string, string>, resource = Resource) =>
    client.send(new TagResourceCommand({ Resource: resource, Tags }));
  const numbered = (from: number, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${from + index}`, '']));
  const invalid = 'InvalidParameterValueException';
  await tag(numbered(0, 49));
  await refused(tag(numbered(48, 3)), invalid, 'Number of tags exceeds resource tag limit.');
  await tag(numbered(48, 2));
  await refused(tag({}), invalid, 'Tags is empty: name at least one tag to add.');
  await refused(
    tag({ 'AWS:owner': 'me' }),
    invalid,
    'The tag key AWS:owner begins with aws:, a prefix that only AWS itself may use. Choose another key.',
  );
  await refused(
    tag({ a: 'b' }, `${Resource}:1`),
    invalid,
    'Tags on function aliases and versions are not supported. Please specify a function ARN.',
  );
  const nobody = Resource.replace('greeter', 'nobody');
  await refused(tag({ a: 'b' }, nobody), 'ResourceNotFoundException', `Function not found: ${nobody}`);
  const mapping =
    'arn:aws:lambda:us-east-1:123456789012:event-source-mapping:4a0f7f0c-0f53-4f44-8a35-1c9c24d27c1e';
  await refused(
    client.send(new ListTagsCommand({ Resource: mapping })),
    'ResourceNotFoundException',
    `The resource you requested does not exist: ${mapping}`,
  );
});
