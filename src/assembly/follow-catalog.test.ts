import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Catalog } from '../catalog/catalog.ts';
import { sampleVersion } from '../catalog/testing/sample-version.ts';
import { createFunction } from '../deploy/create-function.ts';
import { deployed, identity, sampleRequest, zip } from '../deploy/testing/deployed.ts';
import { updateFunctionCode } from '../deploy/update-function-code.ts';
import { Database } from '../foundation/database.ts';
import { resolveTarget } from '../invoke/resolve-target.ts';
import { followCatalog } from './follow-catalog.ts';

test('environments and figures follow what is deleted, until the end', (t) => {
  const database = new Database(':memory:');
  t.after(() => database.close());
  const catalog = new Catalog(database, (error) => {
    throw error;
  });
  for (const name of ['one', 'two', 'three']) {
    catalog.functions.create(sampleVersion(name));
    catalog.versions.publish(sampleVersion(name, '1'), 'content');
  }
  const told: unknown[] = [];
  const end = followCatalog(catalog, {
    scheduler: {
      drain: (...which) => told.push(['drain', ...which]),
      replace: ({ functionName, version }) => told.push(['replace', functionName, version]),
      reservationsChanged: () => told.push(['reservationsChanged']),
    },
    metrics: { forget: (...which) => told.push(['metrics', ...which]) },
    throttles: { forget: (...which) => told.push(['throttles', ...which]) },
  });
  catalog.versions.publish(sampleVersion('one', '2'), 'content');
  catalog.reservedConcurrency.put('one', 5);
  assert.deepEqual(told.splice(0), [['replace', 'one', '2'], ['reservationsChanged']]);
  catalog.versions.delete('one', '1');
  assert.deepEqual(told.splice(0), [
    ['drain', 'one', '1'],
    ['metrics', 'one', '1'],
  ]);
  catalog.functions.delete('two');
  assert.deepEqual(told.splice(0), [
    ['drain', 'two'],
    ['metrics', 'two'],
    ['throttles', 'two'],
  ]);
  end();
  catalog.functions.delete('three');
  assert.deepEqual(told, []);
});

test('while an update is in progress, invocations and environments are of what there was before', async (t) => {
  const { deployment, hold, letGo } = await deployed(t);
  const { catalog } = deployment;
  const parts = { catalog, identity, random: () => 0 };
  const resolved = () => resolveTarget(parts, { functionName: 'one' }).version.code.digest;
  await createFunction(deployment, sampleRequest('one'));
  await letGo();
  const before = resolved();
  const replacedBy: string[] = [];
  t.after(
    followCatalog(catalog, {
      scheduler: {
        drain: () => {},
        replace: ({ code }) => replacedBy.push(code.digest),
        reservationsChanged: () => {},
      },
      metrics: { forget: () => {} },
      throttles: { forget: () => {} },
    }),
  );
  hold();
  const answer = await updateFunctionCode(deployment, 'one', { ZipFile: zip('exports.handler = 2') });
  assert.equal(answer.LastUpdateStatus, 'InProgress');
  assert.deepEqual([resolved(), replacedBy], [before, [before]]);
  await letGo();
  const after = resolved();
  assert.notEqual(after, before);
  assert.equal(after, catalog.version('one')?.code.digest);
  assert.deepEqual(replacedBy, [before, after]);
});
