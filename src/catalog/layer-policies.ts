import type { Database } from '../foundation/database.ts';
import type { ResourcePolicy } from './resource-policy.ts';

/** The policies of layer versions. Each goes with its version. */
export class LayerPolicies {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(layerName: string, version: number): ResourcePolicy | undefined {
    const row = this.#database
      .prepare('SELECT document FROM layer_policies WHERE layer_name = ? AND version = ?')
      .get(layerName, version);
    return row === undefined ? undefined : (JSON.parse(String(row.document)) as ResourcePolicy);
  }

  /** Made or replaced, of a version that is there. */
  put(layerName: string, version: number, policy: ResourcePolicy): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO layer_policies (layer_name, version, document) VALUES (?, ?, ?)')
      .run(layerName, version, JSON.stringify(policy));
  }

  delete(layerName: string, version: number): void {
    this.#database
      .prepare('DELETE FROM layer_policies WHERE layer_name = ? AND version = ?')
      .run(layerName, version);
  }
}
