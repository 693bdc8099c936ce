import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { renderCompatibility } from '../../tools/render-compatibility.ts';
import { serviceModel } from './model/service-model.ts';
import { OperationTable } from './operation-table.ts';
import { operations } from './operations.ts';

describe('operations', () => {
  it('are those that docs/compatibility.md says are implemented', () => {
    const page = readFileSync(new URL('../../docs/compatibility.md', import.meta.url), 'utf8');
    const implemented = new Set(operations.map(({ name }) => name));
    assert.equal(
      page,
      renderCompatibility(serviceModel, implemented),
      'run: node tools/generate-compatibility.ts',
    );
  });

  it('are all in the model, each once, in a file of its name', () => {
    const table = new OperationTable(serviceModel, operations);
    assert.throws(
      () => new OperationTable(serviceModel, [...operations, ...operations]),
      /implemented twice/,
    );
    const files = new Set(readdirSync(new URL('operations/', import.meta.url)));
    for (const { name } of operations) {
      assert.equal(table.find(name).operation.name, name);
      const file = `${name.replace(/(?<!^)(?=[A-Z])/g, '-').toLowerCase()}.ts`;
      assert.ok(files.has(file), file);
    }
  });
});
