import assert from 'node:assert/strict';
import { contentDigest } from '../../domain/function-version.ts';
import type { Deployment } from '../deployment.ts';

/** What a catalog holds, in a few words: the model that random deploys are compared with. */
export interface ModelFunction {
  latest: Content;
  /** Numbers to contents; of an alias, `1` or `1+2`. */
  versions: Map<number, Content>;
  aliases: Map<string, string>;
  lastNumber: number;
  /** What `$LATEST` was when `lastNumber` was published. */
  lastContent: string | undefined;
  isSettled: boolean;
}

export interface Content {
  memory: number;
  code: string;
}

export type Model = Map<string, ModelFunction>;

export const key = (content: Content): string => `${content.memory}/${content.code}`;

/** The same, read from a real catalog. @param names of packages, by digest. */
export function readModel({ catalog }: Deployment, names: ReadonlyMap<string, string>): unknown {
  const content = (name: string, version: string) => {
    const found = catalog.versions.get(name, version)!;
    assert.equal(found.configuration.Version, version);
    assert.equal(found.configuration.CodeSha256, Buffer.from(found.code.digest, 'hex').toString('base64'));
    assert.match(contentDigest(found), /^[0-9a-f]{64}$/);
    return key({ memory: found.configuration.MemorySize, code: names.get(found.code.digest)! });
  };
  const functions = catalog.functions.page({ limit: 1000 }).items;
  return functions.map((latest) => {
    const name = latest.functionName;
    const versions = catalog.versions.page(name, { limit: 1000 }).items.map(({ version }) => version);
    const aliases = catalog.aliases.page(name, { limit: 1000 }).items;
    return {
      name,
      versions: versions.map((version) => `${version} ${content(name, version)}`),
      aliases: aliases.map(({ Name, FunctionVersion, RoutingConfig }) =>
        [
          Name,
          [FunctionVersion, ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {})].join('+'),
        ].join(' '),
      ),
      isSettled: catalog.versions.unsettled().every(({ functionName }) => functionName !== name),
    };
  });
}

/** The model in the same words. */
export function showModel(model: Model): unknown {
  const byName = [...model].sort(([one], [other]) => (one < other ? -1 : 1));
  return byName.map(([name, one]) => ({
    name,
    versions: [
      `$LATEST ${key(one.latest)}`,
      ...[...one.versions].sort(([a], [b]) => a - b).map(([number, content]) => `${number} ${key(content)}`),
    ],
    aliases: [...one.aliases].sort(([a], [b]) => (a < b ? -1 : 1)).map(([alias, to]) => `${alias} ${to}`),
    isSettled: one.isSettled,
  }));
}
