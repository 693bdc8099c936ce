import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-lambda';
import type { Content, DeployedFunction, World } from './deployed-world.ts';
import { pick } from './random-from.ts';
import { role } from './running-service.ts';

/** A world, and what of its past counts: the number of a layer version is never given again. */
export interface Model {
  readonly world: World;
  readonly lastLayerVersion: number;
}

/** A change that the model allows: what it makes of it, and how to ask the service for it. */
export interface Step {
  readonly what: string;
  readonly after: Model;
  send(client: sdk.LambdaClient): Promise<unknown>;
}

export interface Archive {
  readonly bytes: Buffer;
  readonly sha256: string;
}

export interface StepSource {
  readonly name: string;
  /** At least two. */
  readonly archives: readonly Archive[];
  readonly variables: Readonly<Record<string, string>>;
  readonly random: () => number;
  /** A text that was never used before. */
  readonly fresh: () => string;
}

/** So that lists stay short, however long it goes on. */
const many = 20;
const aliasNames = ['live', 'next'];

export function chooseStep(source: StepSource, model: Model): Step {
  const { random } = source;
  const { function: deployed, layerVersions } = model.world;
  const layers = Object.keys(layerVersions).length;
  const steps = [...(layers < many ? [publishLayer] : []), ...(layers > 0 ? [deleteLayer] : [])];
  if (deployed === undefined) steps.push(create, create);
  else {
    // Rare: everything else needs it.
    if (random() < 0.04) return remove(source, model);
    steps.push(configure, upload, publish, publish);
    if (Object.keys(deployed.versions).length > 0) steps.push(point, point);
    if (Object.keys(deployed.aliases).length > 0) steps.push(deleteAlias);
    if (deployed.statements.length < many) steps.push(allow);
    if (deployed.statements.length > 0) steps.push(forbid);
  }
  return pick(random, steps)(source, model);
}

function create({ name, archives, variables, fresh }: StepSource, model: Model): Step {
  const description = fresh();
  const [archive] = archives as [Archive];
  const blank = { versions: {}, aliases: {}, statements: [] };
  return {
    what: `create ${name}`,
    after: withWorld(model, { function: { description, codeSha256: archive.sha256, ...blank } }),
    send: (client) =>
      client.send(
        new sdk.CreateFunctionCommand({
          FunctionName: name,
          Description: description,
          Code: { ZipFile: archive.bytes },
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: role,
          Environment: { Variables: variables },
        }),
      ),
  };
}

function configure({ name, fresh }: StepSource, model: Model): Step {
  const description = fresh();
  return {
    what: `configure ${name}`,
    after: withFunction(model, { description }),
    send: (client) =>
      client.send(
        new sdk.UpdateFunctionConfigurationCommand({ FunctionName: name, Description: description }),
      ),
  };
}

function upload({ name, archives, random }: StepSource, model: Model): Step {
  const archive = pick(random, archives);
  return {
    what: `upload the code of ${name}`,
    after: withFunction(model, { codeSha256: archive.sha256 }),
    send: (client) =>
      client.send(new sdk.UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: archive.bytes })),
  };
}

function publish({ name }: StepSource, model: Model): Step {
  const { description, codeSha256, versions } = model.world.function!;
  const content: Content = { description, codeSha256 };
  const last = Object.keys(versions).length;
  const isSame = last > 0 && sameContent(versions[last]!, content);
  const version = String(isSame ? last : last + 1);
  return {
    what: `publish version ${version} of ${name}`,
    after: withFunction(model, { versions: { ...versions, [version]: content } }),
    send: async (client) => {
      const { Version } = await client.send(new sdk.PublishVersionCommand({ FunctionName: name }));
      assert.equal(Version, version);
    },
  };
}

function point({ name, random }: StepSource, model: Model): Step {
  const { aliases, versions } = model.world.function!;
  const Name = pick(random, aliasNames);
  const FunctionVersion = pick(random, Object.keys(versions));
  const request = { FunctionName: name, Name, FunctionVersion };
  return {
    what: `point ${name}:${Name} to ${FunctionVersion}`,
    after: withFunction(model, { aliases: { ...aliases, [Name]: FunctionVersion } }),
    send: (client) =>
      Name in aliases
        ? client.send(new sdk.UpdateAliasCommand(request))
        : client.send(new sdk.CreateAliasCommand(request)),
  };
}

function deleteAlias({ name, random }: StepSource, model: Model): Step {
  const Name = pick(random, Object.keys(model.world.function!.aliases));
  const { [Name]: _, ...aliases } = model.world.function!.aliases;
  return {
    what: `delete ${name}:${Name}`,
    after: withFunction(model, { aliases }),
    send: (client) => client.send(new sdk.DeleteAliasCommand({ FunctionName: name, Name })),
  };
}

function allow({ name, fresh }: StepSource, model: Model): Step {
  const StatementId = fresh();
  return {
    what: `add ${StatementId} to the policy of ${name}`,
    after: withFunction(model, { statements: [...model.world.function!.statements, StatementId] }),
    send: (client) =>
      client.send(
        new sdk.AddPermissionCommand({
          FunctionName: name,
          StatementId,
          Action: 'lambda:InvokeFunction',
          Principal: '123456789012',
        }),
      ),
  };
}

function forbid({ name, random }: StepSource, model: Model): Step {
  const { statements } = model.world.function!;
  const StatementId = pick(random, statements);
  return {
    what: `remove ${StatementId} from the policy of ${name}`,
    after: withFunction(model, { statements: statements.filter((id) => id !== StatementId) }),
    send: (client) => client.send(new sdk.RemovePermissionCommand({ FunctionName: name, StatementId })),
  };
}

function publishLayer({ name, archives, random, fresh }: StepSource, model: Model): Step {
  const Description = fresh();
  const number = model.lastLayerVersion + 1;
  const layerVersions = { ...model.world.layerVersions, [number]: Description };
  return {
    what: `publish version ${number} of layer ${name}`,
    after: { ...withWorld(model, { layerVersions }), lastLayerVersion: number },
    send: async (client) => {
      const Content = { ZipFile: pick(random, archives).bytes };
      const command = new sdk.PublishLayerVersionCommand({ LayerName: name, Description, Content });
      const { Version } = await client.send(command);
      assert.equal(Version, number);
    },
  };
}

function deleteLayer({ name, random }: StepSource, model: Model): Step {
  const version = pick(random, Object.keys(model.world.layerVersions));
  const { [version]: _, ...layerVersions } = model.world.layerVersions;
  return {
    what: `delete version ${version} of layer ${name}`,
    after: withWorld(model, { layerVersions }),
    send: (client) =>
      client.send(new sdk.DeleteLayerVersionCommand({ LayerName: name, VersionNumber: Number(version) })),
  };
}

function remove({ name }: StepSource, model: Model): Step {
  return {
    what: `delete ${name}`,
    after: { ...model, world: { layerVersions: model.world.layerVersions } },
    send: (client) => client.send(new sdk.DeleteFunctionCommand({ FunctionName: name })),
  };
}

function withWorld(model: Model, change: Partial<World>): Model {
  return { ...model, world: { ...model.world, ...change } };
}

function withFunction(model: Model, change: Partial<DeployedFunction>): Model {
  return withWorld(model, { function: { ...model.world.function!, ...change } });
}

function sameContent(one: Content, other: Content): boolean {
  return one.description === other.description && one.codeSha256 === other.codeSha256;
}
