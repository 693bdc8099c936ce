import { setTimeout as pause } from 'node:timers/promises';
import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  type LambdaClient,
  ListAliasesCommand,
  ListLayerVersionsCommand,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';

/** One function and one layer, of the same name, as a model has them and as the API shows them. */
export interface World {
  readonly function?: DeployedFunction;
  /** Description of each version that is there. */
  readonly layerVersions: Readonly<Record<string, string>>;
}

export interface DeployedFunction extends Content {
  readonly versions: Readonly<Record<string, Content>>;
  /** Version that each alias points to. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Statement IDs of its policy, in order. */
  readonly statements: readonly string[];
}

export interface Content {
  readonly description: string;
  readonly codeSha256: string;
}

/** Everything of that name, once nothing of it is in transition. */
export async function observeWorld(client: LambdaClient, name: string): Promise<World> {
  const shown = await configurationOf(client, name);
  const layers = await client.send(new ListLayerVersionsCommand({ LayerName: name }));
  const layerVersions = Object.fromEntries(
    (layers.LayerVersions ?? []).map(({ Version, Description }) => [Version, Description ?? '']),
  );
  if (shown === undefined) return { layerVersions };
  const [versions, aliases, statements] = await Promise.all([
    versionsOf(client, name),
    client.send(new ListAliasesCommand({ FunctionName: name })),
    statementsOf(client, name),
  ]);
  const published = versions.filter(({ Version }) => Version !== '$LATEST');
  return {
    function: {
      ...contentOf(shown),
      versions: Object.fromEntries(published.map((version) => [version.Version, contentOf(version)])),
      aliases: Object.fromEntries(
        aliases.Aliases!.map(({ Name, FunctionVersion }) => [Name, FunctionVersion]),
      ),
      statements,
    },
    layerVersions,
  };
}

/** Resolves when a function takes the next change. Unlike a waiter, it rejects where the service is gone. */
export async function untilSettled(client: LambdaClient, FunctionName: string): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  for (;;) {
    const command = new GetFunctionConfigurationCommand({ FunctionName });
    const { State, LastUpdateStatus } = await client.send(command);
    if (State === 'Active' && LastUpdateStatus === 'Successful') return;
    if (performance.now() > deadlineMs)
      throw new Error(`${FunctionName} is ${State}, its update ${LastUpdateStatus}, for 60 s`);
    await pause(5);
  }
}

async function configurationOf(client: LambdaClient, FunctionName: string) {
  const shown = await orNotFound(client.send(new GetFunctionConfigurationCommand({ FunctionName })));
  if (shown !== undefined) await untilSettled(client, FunctionName);
  return shown;
}

async function versionsOf(client: LambdaClient, FunctionName: string) {
  const pages = paginateListVersionsByFunction({ client, pageSize: 50 }, { FunctionName });
  const all: FunctionConfiguration[] = [];
  for await (const { Versions } of pages) all.push(...(Versions ?? []));
  return all;
}

async function statementsOf(client: LambdaClient, FunctionName: string): Promise<string[]> {
  const answer = await orNotFound(client.send(new GetPolicyCommand({ FunctionName })));
  if (answer === undefined) return [];
  return JSON.parse(answer.Policy!).Statement.map(({ Sid }: { Sid: string }) => Sid);
}

function contentOf({ Description, CodeSha256 }: FunctionConfiguration): Content {
  return { description: Description!, codeSha256: CodeSha256! };
}

async function orNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
