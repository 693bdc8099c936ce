import { Catalog } from '../../catalog/catalog.ts';
import { sampleVersion } from '../../catalog/testing/sample-version.ts';
import { Database } from '../../foundation/database.ts';

export const identity = { region: 'us-east-1', accountId: '123456789012' };

/** A real catalog in memory, with the functions named. */
export function sampleCatalog(...functionNames: string[]): { catalog: Catalog; database: Database } {
  const database = new Database(':memory:');
  const catalog = new Catalog(database, (error) => {
    throw error;
  });
  for (const name of functionNames) catalog.functions.create(sampleVersion(name));
  return { catalog, database };
}
