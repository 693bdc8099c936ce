import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import type { PackageStore } from '../artifacts/package-store.ts';
import type { FunctionConfiguration } from '../domain/function-version.ts';
import { createFunction } from './create-function.ts';
import { deleteFunction } from './delete-function.ts';
import { publishVersion } from './publish-version.ts';
import { deployed, role, sampleRequest, zip } from './testing/deployed.ts';
import { updateFunctionCode } from './update-function-code.ts';
import { updateFunctionConfiguration } from './update-function-configuration.ts';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:one';
const creating = { reason: 'The function is being created.', code: 'Creating' };

function state({ State, StateReason, StateReasonCode, ...rest }: FunctionConfiguration) {
  const { LastUpdateStatus, LastUpdateStatusReason, LastUpdateStatusReasonCode } = rest;
  return [
    State,
    StateReason && { reason: StateReason, code: StateReasonCode },
    LastUpdateStatus,
    LastUpdateStatusReason && { reason: LastUpdateStatusReason, code: LastUpdateStatusReasonCode },
  ];
}

/** As on a damaged disk. */
async function loseFiles(store: PackageStore, digest: string): Promise<void> {
  const archive = store.archive(digest).path;
  await rm(archive);
  await rm(archive.replace('/archives/', '/trees/').replace('.zip', ''), { recursive: true });
}

const pending = ['Pending', creating, undefined, undefined];
const active = ['Active', undefined, 'Successful', undefined];
const inProgress = ['Active', undefined, 'InProgress', creating];

test('a function is Pending, then Active; an update InProgress, then Successful; each another revision', async (t) => {
  const { deployment, hold, letGo } = await deployed(t);
  const current = () => deployment.catalog.functions.latest('one')!.configuration;
  const revisions: string[] = [];
  hold();
  const answer = await createFunction(deployment, sampleRequest('one'));
  assert.deepEqual(current(), answer);
  assert.deepEqual(state(answer), pending);
  revisions.push(current().RevisionId);
  const busy = {
    type: 'ResourceConflictException',
    message:
      'The operation cannot be performed at this time. The function is currently in the following state: Pending',
  };
  assert.throws(() => updateFunctionConfiguration(deployment, 'one', {}), busy);
  assert.throws(() => publishVersion(deployment, 'one', {}), busy);
  await letGo();
  assert.deepEqual(state(current()), active);
  revisions.push(current().RevisionId);
  hold();
  assert.deepEqual(state(updateFunctionConfiguration(deployment, 'one', { Timeout: 7 })), inProgress);
  revisions.push(current().RevisionId);
  const conflict = {
    type: 'ResourceConflictException',
    message: `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`,
  };
  assert.throws(() => updateFunctionConfiguration(deployment, 'one', {}), conflict);
  await assert.rejects(updateFunctionCode(deployment, 'one', { ZipFile: zip('2') }), conflict);
  assert.throws(() => publishVersion(deployment, 'one', {}), conflict);
  await letGo();
  assert.deepEqual(state(current()), active);
  revisions.push(current().RevisionId);
  assert.equal(new Set(revisions).size, revisions.length);
  assert.equal(current().Timeout, 7);
});

test('the answer to a creation has what the service always shows', async (t) => {
  const { deployment } = await deployed(t);
  const before = Date.now();
  const { RevisionId, LastModified, CodeSha256, CodeSize, ...rest } = await createFunction(
    deployment,
    sampleRequest('one'),
  );
  assert.match(RevisionId, /^[0-9a-f-]{36}$/);
  assert.match(LastModified, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
  assert.ok(Math.abs(Date.parse(LastModified) - before) < 60_000);
  assert.equal(Buffer.from(CodeSha256, 'base64').length, 32);
  assert.equal(CodeSize, zip().length);
  assert.match(
    rest.RuntimeVersionConfig?.RuntimeVersionArn ?? '',
    /^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/,
  );
  assert.deepEqual(
    { ...rest, RuntimeVersionConfig: undefined },
    {
      FunctionName: 'one',
      FunctionArn: arn,
      Role: role,
      PackageType: 'Zip',
      Description: '',
      Timeout: 3,
      MemorySize: 128,
      TracingConfig: { Mode: 'PassThrough' },
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/one' },
      Architectures: ['x86_64'],
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      RuntimeVersionConfig: undefined,
      Version: '$LATEST',
      State: 'Pending',
      StateReason: creating.reason,
      StateReasonCode: creating.code,
    },
  );
});

test('created with Publish: version 1 is answered, under the name of the function; both become Active', async (t) => {
  const { deployment, hold, letGo } = await deployed(t);
  const { catalog } = deployment;
  hold();
  const answer = await createFunction(deployment, { ...sampleRequest('one'), Publish: true });
  assert.deepEqual([answer.Version, answer.FunctionArn], ['1', arn]);
  assert.deepEqual(state(answer), pending);
  await letGo();
  const versions = catalog.versions.page('one', { limit: 5 }).items.map(({ configuration }) => configuration);
  assert.deepEqual(
    versions.map(({ Version, FunctionArn }) => [Version, FunctionArn]),
    [
      ['$LATEST', arn],
      ['1', `${arn}:1`],
    ],
  );
  assert.deepEqual(versions.map(state), [active, active]);
  assert.notEqual(versions[0]!.RevisionId, versions[1]!.RevisionId);
});

test('what was unsettled at a crash is driven to its end at the next start', async (t) => {
  const first = await deployed(t);
  await createFunction(first.deployment, sampleRequest('updated'));
  await first.deployment.settler.idle();
  first.hold();
  await createFunction(first.deployment, { ...sampleRequest('created'), Publish: true });
  updateFunctionConfiguration(first.deployment, 'updated', { MemorySize: 256 });
  const { deployment } = await first.restart();
  assert.deepEqual(deployment.catalog.versions.unsettled(), []);
  for (const [name, version] of [
    ['created', '$LATEST'],
    ['created', '1'],
    ['updated', '$LATEST'],
  ] as const)
    assert.deepEqual(state(deployment.catalog.version(name, version)!.configuration), active);
  assert.equal(deployment.catalog.functions.latest('updated')?.configuration.MemorySize, 256);
});

test('a package whose files cannot be made: the creation fails and says why; new code mends it', async (t) => {
  const { deployment, store, hold, letGo } = await deployed(t);
  const current = () => deployment.catalog.functions.latest('one')!.configuration;
  hold();
  await createFunction(deployment, sampleRequest('one'));
  const { digest } = deployment.catalog.functions.latest('one')!.code;
  await loseFiles(store, digest);
  await letGo();
  assert.equal(current().State, 'Failed');
  assert.match(
    current().StateReason ?? '',
    new RegExp(`^The package ${digest} could not be unpacked: .*again\\.$`),
  );
  assert.throws(() => publishVersion(deployment, 'one', {}), /state: Failed/);
  await updateFunctionCode(deployment, 'one', { ZipFile: zip('2') });
  await deployment.settler.idle();
  assert.deepEqual(state(current()), active);
});

test('an update whose package is damaged fails, and the function is what it was before; after a restart too', async (t) => {
  let current = await deployed(t);
  await createFunction(current.deployment, { ...sampleRequest('one'), Timeout: 7 });
  await current.deployment.settler.idle();
  const latest = () => current.deployment.catalog.functions.latest('one')!;
  const before = latest();
  for (const isRestarted of [false, true]) {
    current.hold();
    const text = `exports.handler = async () => ${isRestarted}`;
    const update = { ZipFile: zip(text), Publish: true };
    const { Version } = await updateFunctionCode(current.deployment, 'one', update);
    const { digest } = latest().code;
    assert.notEqual(digest, before.code.digest);
    // What may yet be gone back to is not collected.
    assert.equal(current.deployment.catalog.usesPackage(before.code.digest), true);
    await loseFiles(current.store, digest);
    if (isRestarted) current = await current.restart();
    else await current.letGo();
    const { configuration, ...rest } = latest();
    const { configuration: was, ...restBefore } = before;
    assert.deepEqual(rest, restBefore);
    const reason = configuration.LastUpdateStatusReason ?? '';
    assert.match(reason, new RegExp(`^The package ${digest} could not be unpacked: .*again\\.$`));
    assert.deepEqual(state(configuration), [
      'Active',
      undefined,
      'Failed',
      { reason, code: 'InternalError' },
    ]);
    assert.notEqual(configuration.RevisionId, was.RevisionId);
    assert.deepEqual(
      [configuration.CodeSha256, configuration.LastModified],
      [was.CodeSha256, was.LastModified],
    );
    const published = current.deployment.catalog.versions.get('one', Version)!;
    assert.deepEqual(
      [published.configuration.State, published.code.digest, published.before],
      ['Failed', digest, undefined],
    );
  }
  updateFunctionConfiguration(current.deployment, 'one', { Timeout: 8 });
  await current.deployment.settler.idle();
  assert.deepEqual(state(latest().configuration), active);
  assert.equal(latest().before, undefined);
});

test('an update of what could not be created: where it fails too, the function is Failed still', async (t) => {
  const { deployment, store, hold, letGo } = await deployed(t);
  const latest = () => deployment.catalog.functions.latest('one')!;
  const failAt = async (begin: () => Promise<unknown>) => {
    hold();
    await begin();
    await loseFiles(store, latest().code.digest);
    await letGo();
    return latest().configuration;
  };
  const first = await failAt(() => createFunction(deployment, sampleRequest('one')));
  const second = await failAt(() => updateFunctionCode(deployment, 'one', { ZipFile: zip('2') }));
  assert.deepEqual([second.State, second.StateReason], ['Failed', first.StateReason]);
  assert.notEqual(second.LastUpdateStatusReason, first.LastUpdateStatusReason);
});

test('a function that was deleted and made again meanwhile is not touched by the end of the first', async (t) => {
  const { deployment, hold, letGo } = await deployed(t);
  hold();
  const first = await createFunction(deployment, sampleRequest('one'));
  deleteFunction(deployment, { functionName: 'one' });
  const second = await createFunction(deployment, { ...sampleRequest('one'), Description: 'the second' });
  assert.notEqual(first.RevisionId, second.RevisionId);
  await letGo();
  const { configuration } = deployment.catalog.functions.latest('one')!;
  assert.deepEqual([configuration.Description, ...state(configuration)], ['the second', ...active]);
});

test('two creations of one name, and two updates of one function, at once: one is refused', async (t) => {
  const { deployment } = await deployed(t);
  const outcomes = async (attempts: Promise<unknown>[]) =>
    (await Promise.allSettled(attempts))
      .map((one) => (one.status === 'rejected' ? one.reason.type : 'done'))
      .sort();
  const both = [
    createFunction(deployment, sampleRequest('one')),
    createFunction(deployment, sampleRequest('one')),
  ];
  assert.deepEqual(await outcomes(both), ['ResourceConflictException', 'done']);
  await deployment.settler.idle();
  const { RevisionId } = deployment.catalog.functions.latest('one')!.configuration;
  const updates = ['2', '3'].map((text) =>
    updateFunctionCode(deployment, 'one', { ZipFile: zip(text), RevisionId }),
  );
  const [refused, done] = await outcomes(updates);
  assert.equal(done, 'done');
  assert.match(refused ?? '', /^(ResourceConflict|PreconditionFailed)Exception$/);
});

test('If-match: another revision than there is refuses the change', async (t) => {
  const { deployment } = await deployed(t);
  const { RevisionId } = await createFunction(deployment, sampleRequest('one'));
  await deployment.settler.idle();
  const stale = {
    type: 'PreconditionFailedException',
    message:
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
  };
  assert.throws(() => updateFunctionConfiguration(deployment, 'one', { RevisionId }), stale);
  await assert.rejects(updateFunctionCode(deployment, 'one', { ZipFile: zip('2'), RevisionId }), stale);
  assert.throws(() => publishVersion(deployment, 'one', { RevisionId }), stale);
  const latest = deployment.catalog.functions.latest('one')!.configuration;
  assert.equal(publishVersion(deployment, 'one', { RevisionId: latest.RevisionId }).Version, '1');
});

test('a dry run of new code shows what would be and changes nothing', async (t) => {
  const { deployment } = await deployed(t);
  const { CodeSha256 } = await createFunction(deployment, sampleRequest('one'));
  await deployment.settler.idle();
  const before = deployment.catalog.functions.latest('one');
  const dry = await updateFunctionCode(deployment, 'one', { ZipFile: zip('2'), DryRun: true, Publish: true });
  assert.notEqual(dry.CodeSha256, CodeSha256);
  assert.deepEqual(state(dry), active);
  assert.deepEqual(deployment.catalog.functions.latest('one'), before);
  assert.equal(deployment.catalog.versions.get('one', '1'), undefined);
  await assert.rejects(
    updateFunctionCode(deployment, 'one', { ZipFile: Buffer.from('no zip'), DryRun: true }),
    {
      type: 'InvalidParameterValueException',
    },
  );
});
