import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { layerVersionArn } from '../domain/arn.ts';
import { Database } from '../foundation/database.ts';
import { Catalog } from './catalog.ts';
import type { LayerVersion } from './layer-version.ts';
import type { LayerFilter, Layers } from './layers.ts';
import type { Page, PageRequest } from './page.ts';

const identity = { region: 'us-east-1', accountId: '123456789012' };
const names = ['alpha', 'beta', 'gamma'];
const digests = ['1'.repeat(64), '2'.repeat(64), '3'.repeat(64)];
const runtimes = ['nodejs24.x', 'python3.14'];
const architectures = ['x86_64', 'arm64'];
const filters: LayerFilter[] = [
  {},
  { runtime: 'nodejs24.x' },
  { architecture: 'arm64' },
  { runtime: 'python3.14', architecture: 'x86_64' },
];

const name = fc.constantFrom(...names);
const publish = fc.record({
  kind: fc.constant('publish' as const),
  name,
  digest: fc.constantFrom(...digests),
  runtimes: fc.option(fc.subarray(runtimes), { nil: undefined }),
  architectures: fc.option(fc.subarray(architectures), { nil: undefined }),
});
const remove = fc.record({ kind: fc.constant('delete' as const), name, version: fc.nat(6) });

test('layers against a model: numbers are never given twice, lists and pages agree', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 3, arbitrary: publish }, remove), { maxLength: 25 }),
      fc.integer({ min: 1, max: 4 }),
      (deeds, limit) => {
        const database = new Database(':memory:');
        const layers = layersIn(database);
        const model = new Map(names.map((name) => [name, { last: 0, versions: [] as LayerVersion[] }]));
        for (const deed of deeds) {
          const layer = model.get(deed.name)!;
          if (deed.kind === 'publish') {
            layer.last += 1;
            assert.equal(layers.nextNumber(deed.name), layer.last);
            const version = versionOf(deed, layer.last);
            layers.publish(version);
            layer.versions.unshift(version);
          } else {
            const at = layer.versions.findIndex(({ summary }) => summary.Version === deed.version);
            assert.equal(layers.delete(deed.name, deed.version), at >= 0);
            if (at >= 0) layer.versions.splice(at, 1);
          }
        }
        const all = names.flatMap((name) => model.get(name)!.versions);
        for (const filter of filters) {
          const fitting = (name: string) => model.get(name)!.versions.filter((one) => fits(one, filter));
          for (const name of names)
            assert.deepEqual(
              walk(limit, (request) => layers.pageOfVersions(name, request, filter)),
              fitting(name),
            );
          assert.deepEqual(
            walk(limit, (request) => layers.page(request, filter)),
            names.flatMap((name) => fitting(name).slice(0, 1)),
          );
        }
        for (const version of all)
          assert.deepEqual(layers.version(version.summary.LayerVersionArn), {
            arn: version.summary.LayerVersionArn,
            ...version.code,
          });
        assert.equal(
          layers.codeBytes(),
          all.reduce((sum, { code }) => sum + code.size, 0),
        );
        for (const digest of digests)
          assert.equal(
            layers.usesPackage(digest),
            all.some(({ code }) => code.digest === digest),
          );
        database.close();
      },
    ),
    { numRuns: 150 },
  );
});

test('an ARN of another account, of a layer or of nothing is no version', (t) => {
  const database = new Database(':memory:');
  t.after(() => database.close());
  const layers = layersIn(database);
  layers.publish(versionOf({ name: 'alpha', digest: digests[0]!, runtimes, architectures }, 1));
  assert.ok(layers.version(layerVersionArn(identity, 'alpha', 1)));
  for (const arn of [
    layerVersionArn({ ...identity, accountId: '210987654321' }, 'alpha', 1),
    layerVersionArn({ ...identity, region: 'eu-west-1' }, 'alpha', 1),
    layerVersionArn(identity, 'alpha', 2),
    `${layerVersionArn(identity, 'alpha', 1)}00000000000000000000`,
    'arn:aws:lambda:us-east-1:123456789012:layer:alpha',
    'alpha',
  ])
    assert.equal(layers.version(arn), undefined, arn);
});

function versionOf(
  made: {
    name: string;
    digest: string;
    runtimes: readonly string[] | undefined;
    architectures: readonly string[] | undefined;
  },
  Version: number,
): LayerVersion {
  return {
    layerName: made.name,
    code: { digest: made.digest, size: 100, unzippedSize: 200 },
    summary: {
      LayerVersionArn: layerVersionArn(identity, made.name, Version),
      Version,
      Description: '',
      CreatedDate: '2026-01-31T12:34:56.789+0000',
      ...(made.runtimes !== undefined && { CompatibleRuntimes: made.runtimes }),
      ...(made.architectures !== undefined && { CompatibleArchitectures: made.architectures }),
    },
  };
}

function fits({ summary }: LayerVersion, { runtime, architecture }: LayerFilter): boolean {
  const has = (list: readonly string[] | undefined, wanted: string | undefined) =>
    wanted === undefined || (list ?? []).includes(wanted);
  return has(summary.CompatibleRuntimes, runtime) && has(summary.CompatibleArchitectures, architecture);
}

function walk<Item>(limit: number, page: (request: PageRequest) => Page<Item>): Item[] {
  const items: Item[] = [];
  let marker: string | undefined;
  do {
    const found = page({ marker, limit });
    assert.ok(found.items.length <= limit);
    items.push(...found.items);
    marker = found.nextMarker;
  } while (marker !== undefined);
  return items;
}

function layersIn(database: Database): Layers {
  return new Catalog(database, (error) => assert.fail(String(error))).layers;
}
