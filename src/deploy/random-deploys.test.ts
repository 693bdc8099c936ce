import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { ServiceError } from '../domain/service-error.ts';
import { createAlias, deleteAlias, updateAlias } from './aliases.ts';
import { createFunction } from './create-function.ts';
import { deleteFunction } from './delete-function.ts';
import { publishVersion } from './publish-version.ts';
import { key, type Model, type ModelFunction, readModel, showModel } from './testing/catalog-model.ts';
import { type Deployed, deployed, sampleRequest, zip } from './testing/deployed.ts';
import { updateFunctionCode } from './update-function-code.ts';
import { updateFunctionConfiguration } from './update-function-configuration.ts';

type Command =
  | { deed: 'create' | 'updateCode'; name: string; code: string; publish: boolean }
  | { deed: 'configure'; name: string; memory: number }
  | { deed: 'publish' | 'delete'; name: string }
  | { deed: 'deleteVersion'; name: string; number: number }
  | { deed: 'createAlias' | 'updateAlias'; name: string; alias: string; number: number; other: number }
  | { deed: 'deleteAlias'; name: string; alias: string }
  | { deed: 'settle' }
  | { deed: 'crash' };

// Mostly one function, so that much happens to it; the other tells whether they are kept apart.
const name = fc.oneof({ weight: 4, arbitrary: fc.constant('one') }, fc.constant('two'));
const code = fc.constantFrom('a', 'b');
const alias = fc.constantFrom('live', 'next');
const boolean = fc.boolean();
const memory = fc.constantFrom(128, 256);
const version = fc.nat(2).map((before) => before + 1);
const other = fc.nat(2);

function oneOf(...deeds: string[]): fc.Arbitrary<string> {
  return fc.constantFrom(...deeds);
}

const commands = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ deed: oneOf('settle') }) },
    {
      weight: 6,
      arbitrary: fc.record({ deed: oneOf('create', 'updateCode'), name, code, publish: boolean }),
    },
    { weight: 3, arbitrary: fc.record({ deed: oneOf('configure'), name, memory }) },
    { weight: 3, arbitrary: fc.record({ deed: oneOf('publish'), name }) },
    {
      weight: 6,
      arbitrary: fc.record({
        deed: oneOf('createAlias', 'updateAlias'),
        name,
        alias,
        number: version,
        other,
      }),
    },
    { weight: 2, arbitrary: fc.record({ deed: oneOf('deleteVersion'), name, number: version }) },
    { weight: 1, arbitrary: fc.record({ deed: oneOf('deleteAlias'), name, alias }) },
    { weight: 1, arbitrary: fc.record({ deed: oneOf('crash') }) },
    { weight: 1, arbitrary: fc.record({ deed: oneOf('delete'), name }) },
  ) as fc.Arbitrary<Command>,
  { minLength: 30, maxLength: 60, size: 'max' },
);

/** What a command comes to: its error's type, or `done`. The model is changed only where it is done. */
function expect(model: Model, command: Command): string {
  if (command.deed === 'settle' || command.deed === 'crash') {
    for (const one of model.values()) one.isSettled = true;
    return 'done';
  }
  const one = model.get(command.name);
  if (command.deed === 'create') {
    if (one !== undefined) return 'ResourceConflictException';
    const made: ModelFunction = {
      latest: { memory: 128, code: command.code },
      versions: new Map(),
      aliases: new Map(),
      lastNumber: 0,
      lastContent: undefined,
      isSettled: false,
    };
    model.set(command.name, made);
    if (command.publish) publish(made);
    return 'done';
  }
  // Of an alias, whether it is there is asked first.
  if (command.deed === 'updateAlias' && !one?.aliases.has(command.alias)) return 'ResourceNotFoundException';
  if (one === undefined) {
    const isSameTwice = command.deed === 'createAlias' && command.number === command.other;
    return isSameTwice ? 'InvalidParameterValueException' : 'ResourceNotFoundException';
  }
  return change(model, one, command);
}

function change(
  model: Model,
  one: ModelFunction,
  command: Exclude<Command, { deed: 'settle' | 'crash' }>,
): string {
  switch (command.deed) {
    case 'configure':
    case 'updateCode':
    case 'publish':
      if (!one.isSettled) return 'ResourceConflictException';
      if (command.deed === 'configure') one.latest = { ...one.latest, memory: command.memory };
      if (command.deed === 'updateCode') one.latest = { ...one.latest, code: command.code };
      if (command.deed !== 'publish') one.isSettled = false;
      if (command.deed === 'publish' || (command.deed === 'updateCode' && command.publish)) publish(one);
      return 'done';
    case 'delete':
      model.delete(command.name);
      return 'done';
    case 'deleteVersion':
      if ([...one.aliases.values()].some((to) => to.split('+').includes(String(command.number))))
        return 'ResourceConflictException';
      return one.versions.delete(command.number) ? 'done' : 'ResourceNotFoundException';
    case 'createAlias':
    case 'updateAlias': {
      const to = [command.number, ...(command.other === 0 ? [] : [command.other])];
      if (command.number === command.other) return 'InvalidParameterValueException';
      if (to.some((version) => !one.versions.has(version))) return 'ResourceNotFoundException';
      if (command.deed === 'createAlias' && one.aliases.has(command.alias))
        return 'ResourceConflictException';
      one.aliases.set(command.alias, to.join('+'));
      return 'done';
    }
    default:
      one.aliases.delete((command as { alias: string }).alias);
      return 'done';
  }
}

function publish(one: ModelFunction): void {
  const content = key(one.latest);
  if (one.lastContent === content && one.versions.has(one.lastNumber)) return;
  one.lastNumber += 1;
  one.lastContent = content;
  one.versions.set(one.lastNumber, { ...one.latest });
}

async function carryOut(world: { deployed: Deployed }, command: Command): Promise<unknown> {
  const { deployment } = world.deployed;
  switch (command.deed) {
    case 'settle':
      await world.deployed.letGo();
      return world.deployed.hold();
    case 'crash':
      world.deployed = await world.deployed.restart();
      return world.deployed.hold();
    case 'create': {
      const request = { ...sampleRequest(command.name), Code: { ZipFile: zip(command.code) } };
      return await createFunction(deployment, { ...request, Publish: command.publish });
    }
    case 'updateCode':
      return await updateFunctionCode(deployment, command.name, {
        ZipFile: zip(command.code),
        Publish: command.publish,
      });
    case 'configure':
      return updateFunctionConfiguration(deployment, command.name, { MemorySize: command.memory });
    case 'publish':
      return publishVersion(deployment, command.name, {});
    case 'delete':
      return deleteFunction(deployment, { functionName: command.name });
    case 'deleteVersion':
      return deleteFunction(deployment, { functionName: command.name, qualifier: String(command.number) });
    case 'deleteAlias':
      return deleteAlias(deployment, command.name, command.alias);
    default: {
      const weights: Record<string, number> = command.other === 0 ? {} : { [command.other]: 0.5 };
      const request = {
        Name: command.alias,
        FunctionVersion: String(command.number),
        RoutingConfig: { AdditionalVersionWeights: weights },
      };
      if (command.deed === 'createAlias') return createAlias(deployment, command.name, request);
      return updateAlias(deployment, command.name, command.alias, request);
    }
  }
}

async function play(t: TestContext, history: readonly Command[]): Promise<void> {
  const world = { deployed: await deployed(t) };
  const names = new Map<string, string>();
  for (const text of ['a', 'b']) names.set((await world.deployed.store.put(zip(text))).digest, text);
  const model: Model = new Map();
  world.deployed.hold();
  const first: Command = { deed: 'create', name: 'one', code: 'a', publish: true };
  for (const command of [first, ...history]) {
    const outcome = await carryOut(world, command).then(
      () => 'done',
      (error: unknown) => {
        if (error instanceof ServiceError) return error.type;
        throw error;
      },
    );
    assert.equal(outcome, expect(model, command), JSON.stringify(command));
    assert.deepEqual(readModel(world.deployed.deployment, names), showModel(model), JSON.stringify(command));
  }
  await world.deployed.close();
}

test('any history of deploys, crashes among them, leaves what a model says', {
  timeout: 170_000,
}, async (t) => {
  await fc.assert(
    fc.asyncProperty(commands, (history) => play(t, history)),
    { numRuns: 30, interruptAfterTimeLimit: 120_000, markInterruptAsFailure: false },
  );
});
