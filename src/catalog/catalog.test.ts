import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { Database } from '../foundation/database.ts';
import { Catalog } from './catalog.ts';
import type { CatalogChange } from './changes.ts';
import type { Page } from './page.ts';
import { sampleVersion } from './testing/sample-version.ts';

function fail(error: unknown): never {
  throw error;
}

function open(t: TestContext, file = ':memory:'): { catalog: Catalog; database: Database } {
  const database = new Database(file);
  t.after(() => database.close());
  return { database, catalog: new Catalog(database, fail) };
}

function alias(name: string, version: string, other?: string) {
  return {
    AliasArn: `arn:aws:lambda:us-east-1:123456789012:function:one:${name}`,
    Name: name,
    FunctionVersion: version,
    Description: '',
    ...(other !== undefined && { RoutingConfig: { AdditionalVersionWeights: { [other]: 0.25 } } }),
    RevisionId: 'revision',
  };
}

function walk<Item>(page: (marker?: string) => Page<Item>): Item[] {
  const items: Item[] = [];
  for (let marker: string | undefined, isFirst = true; isFirst || marker !== undefined; isFirst = false) {
    const found = page(marker);
    items.push(...found.items);
    marker = found.nextMarker;
  }
  return items;
}

test('1,000 functions: the catalog opens and lists them quickly', (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'thaw-catalog-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = path.join(directory, 'thaw.db');
  const names = Array.from({ length: 1000 }, (_, index) => `function-${String(index).padStart(4, '0')}`);
  const first = new Database(file);
  const filled = new Catalog(first, fail);
  filled.transaction(() => {
    for (const name of names) {
      filled.functions.create(sampleVersion(name));
      for (const number of ['1', '2', '3']) filled.versions.publish(sampleVersion(name, number), 'content');
    }
  });
  first.close();

  const begin = performance.now();
  const { catalog } = open(t, file);
  const opened = performance.now();
  const listed = walk((marker) => catalog.functions.page({ marker, limit: 50 }));
  const done = performance.now();
  assert.deepEqual(
    listed.map(({ functionName }) => functionName),
    names,
  );
  t.diagnostic(
    `open ${(opened - begin).toFixed(1)} ms, list in pages of 50 ${(done - opened).toFixed(1)} ms`,
  );
  const beginAll = performance.now();
  assert.equal(walk((marker) => catalog.versions.pageOfAll({ marker, limit: 50 })).length, 4000);
  t.diagnostic(`list 4,000 versions ${(performance.now() - beginAll).toFixed(1)} ms`);
  const beginGet = performance.now();
  for (const name of names) assert.ok(catalog.version(name, '2'));
  t.diagnostic(`resolve a version ${(performance.now() - beginGet).toFixed(3)} µs`);
});

test('pages of any size hold everything once, in order', (t) => {
  const { catalog } = open(t);
  const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,8}$/);
  const functions = fc.uniqueArray(fc.tuple(name, fc.nat(4)), { maxLength: 12, selector: ([one]) => one });
  fc.assert(
    fc.property(functions, fc.integer({ min: 1, max: 15 }), (made, limit) => {
      for (const [functionName, versions] of made) {
        catalog.functions.create(sampleVersion(functionName));
        for (let number = 1; number <= versions; number += 1) {
          assert.equal(catalog.versions.nextNumber(functionName), number);
          catalog.versions.publish(sampleVersion(functionName, String(number)), 'content');
        }
      }
      const byName = made.toSorted(([one], [other]) => (one < other ? -1 : 1));
      const all = byName.flatMap(([functionName, versions]) =>
        Array.from({ length: versions + 1 }, (_, number) => `${functionName}:${number || '$LATEST'}`),
      );
      const text = (version: { functionName: string; version: string }) =>
        `${version.functionName}:${version.version}`;
      assert.deepEqual(walk((marker) => catalog.versions.pageOfAll({ marker, limit })).map(text), all);
      assert.deepEqual(
        walk((marker) => catalog.functions.page({ marker, limit })).map((one) => one.functionName),
        byName.map(([functionName]) => functionName),
      );
      for (const [functionName] of made) {
        assert.deepEqual(
          walk((marker) => catalog.versions.page(functionName, { marker, limit })).map(text),
          all.filter((one) => one.startsWith(`${functionName}:`)),
        );
        assert.equal(catalog.functions.delete(functionName), true);
      }
      assert.deepEqual(catalog.versions.pageOfAll({ limit }).items, []);
    }),
    { numRuns: 50 },
  );
});

test('a marker of another list, or of nobody, is refused', (t) => {
  const { catalog } = open(t);
  for (const functionName of ['one', 'two']) catalog.functions.create(sampleVersion(functionName));
  const { nextMarker } = catalog.functions.page({ limit: 1 });
  assert.ok(nextMarker !== undefined);
  const markers = [
    '',
    'nonsense',
    Buffer.from('{}').toString('base64url'),
    Buffer.from('[null]').toString('base64url'),
  ];
  for (const marker of markers)
    assert.throws(() => catalog.functions.page({ marker, limit: 1 }), {
      type: 'InvalidParameterValueException',
    });
  assert.throws(() => catalog.versions.pageOfAll({ marker: nextMarker, limit: 1 }), /Marker/);
});

test('changes are told once they are durable, never where they are undone', (t) => {
  const { catalog } = open(t);
  const told: CatalogChange[] = [];
  const end = catalog.watch((change) => {
    assert.ok(change.kind === 'function-deleted' || catalog.functions.has(change.functionName));
    told.push(change);
  });
  catalog.transaction(() => {
    catalog.functions.create(sampleVersion('one'));
    catalog.versions.publish(sampleVersion('one', '1'), 'content');
    assert.deepEqual(told, []);
  });
  assert.throws(() =>
    catalog.transaction(() => {
      catalog.functions.delete('one');
      throw new Error('no');
    }),
  );
  catalog.aliases.put('one', alias('live', '1'));
  catalog.reservedConcurrency.put('one', 5);
  assert.equal(catalog.versions.delete('one', '7'), false);
  catalog.versions.delete('one', '1');
  catalog.functions.delete('one');
  end();
  catalog.functions.create(sampleVersion('two'));
  assert.deepEqual(told, [
    { kind: 'function-updated', functionName: 'one', version: '$LATEST' },
    { kind: 'version-published', functionName: 'one', version: '1' },
    { kind: 'alias-changed', functionName: 'one', version: '1' },
    { kind: 'concurrency-changed', functionName: 'one' },
    { kind: 'version-deleted', functionName: 'one', version: '1' },
    { kind: 'function-deleted', functionName: 'one' },
  ]);
});

test('a listener that throws spoils neither the change nor the other listeners', (t) => {
  const database = new Database(':memory:');
  t.after(() => database.close());
  const errors: unknown[] = [];
  const catalog = new Catalog(database, (error) => errors.push(error));
  const told: string[] = [];
  catalog.watch(() => fail(new Error('a listener')));
  catalog.watch(({ functionName }) => told.push(functionName));
  catalog.functions.create(sampleVersion('one'));
  assert.deepEqual([told, errors], [['one'], [new Error('a listener')]]);
});

test('a function takes everything with it', (t) => {
  const { catalog, database } = open(t);
  for (const functionName of ['one', 'two']) {
    catalog.functions.create(sampleVersion(functionName));
    catalog.versions.publish(sampleVersion(functionName, '1'), 'content');
    catalog.aliases.put(functionName, alias('live', '1'));
    catalog.reservedConcurrency.put(functionName, 5);
    catalog.recursion.put(functionName, 'Allow');
    catalog.tags.put(functionName, { team: 'blue' });
    catalog.runtimeManagement.put(functionName, { UpdateRuntimeOn: 'FunctionUpdate' }, '1');
  }
  catalog.functions.delete('one');
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%function_name%'")
    .all();
  assert.ok(tables.length >= 7);
  for (const { name } of tables)
    assert.deepEqual(
      database.prepare(`SELECT * FROM ${name} WHERE function_name = 'one'`).all(),
      [],
      String(name),
    );
  assert.equal(catalog.aliases.get('two', 'live')?.FunctionVersion, '1');
  assert.equal(catalog.reservedConcurrency.total(), 5);
  assert.equal(catalog.functions.count(), 1);
});

test('a version by its qualifier; what no version is called is none', (t) => {
  const { catalog } = open(t);
  catalog.functions.create(sampleVersion('one'));
  catalog.versions.publish(sampleVersion('one', '1'), 'content');
  catalog.versions.publish(sampleVersion('one', '2'), 'content');
  catalog.aliases.put('one', alias('live', '1', '2'));
  const versionOf = (qualifier?: string) => catalog.version('one', qualifier)?.version;
  assert.deepEqual([undefined, '$LATEST', '1', '2', 'live'].map(versionOf), [
    '$LATEST',
    '$LATEST',
    '1',
    '2',
    '1',
  ]);
  for (const qualifier of ['0', '01', '3', '-1', '99999999999999999999', 'dead', '$LATEST.PUBLISHED', ''])
    assert.equal(versionOf(qualifier), undefined, qualifier);
  assert.deepEqual(catalog.aliases.namesOf('one', '2'), ['live']);
  assert.deepEqual(catalog.aliases.page('one', { limit: 5 }, '1').items.length, 1);
  assert.deepEqual(catalog.aliases.page('one', { limit: 5 }, '3').items, []);
});

test('a package is used as long as some version needs it, as code or as a layer', (t) => {
  const { catalog } = open(t);
  const [old, next, layer] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string];
  const used = () => [old, next, layer].map((digest) => catalog.versions.usesPackage(digest));
  catalog.functions.create(sampleVersion('one', '$LATEST', old, [layer]));
  catalog.versions.publish(sampleVersion('one', '1', old), 'content');
  assert.deepEqual(used(), [true, false, true]);
  catalog.versions.replace(sampleVersion('one', '$LATEST', next));
  assert.deepEqual(used(), [true, true, false]);
  catalog.versions.delete('one', '1');
  assert.deepEqual(used(), [false, true, false]);
  catalog.functions.delete('one');
  assert.deepEqual(used(), [false, false, false]);
});

test('a version that was read is read anew once it changed, and never as what was undone', (t) => {
  const { catalog } = open(t);
  const digestOf = () => catalog.version('one')?.code.digest;
  catalog.functions.create(sampleVersion('one'));
  assert.equal(digestOf(), 'a'.repeat(64));
  assert.equal(catalog.version('one'), catalog.version('one'), 'it is kept');

  const refusal = new Error('undone');
  assert.throws(() => {
    catalog.transaction(() => {
      catalog.versions.replace(sampleVersion('one', '$LATEST', 'b'.repeat(64)));
      assert.equal(digestOf(), 'b'.repeat(64), 'a transaction sees what it changed');
      throw refusal;
    });
  }, refusal);
  assert.equal(digestOf(), 'a'.repeat(64));

  const seen: (string | undefined)[] = [];
  catalog.watch(() => seen.push(digestOf()));
  catalog.versions.replace(sampleVersion('one', '$LATEST', 'c'.repeat(64)));
  catalog.versions.publish(sampleVersion('one', '1'), 'content');
  assert.ok(catalog.version('one', '1'));
  catalog.versions.delete('one', '1');
  assert.equal(catalog.version('one', '1'), undefined);
  catalog.functions.delete('one');
  assert.equal(digestOf(), undefined);
  assert.deepEqual(seen, ['c'.repeat(64), 'c'.repeat(64), 'c'.repeat(64), undefined]);
});
