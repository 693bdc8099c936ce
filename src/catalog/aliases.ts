import type { Database } from '../foundation/database.ts';
import type { Changes } from './changes.ts';
import { type Page, type PageRequest, pageOf } from './page.ts';

/** As the service API shows it ("AliasConfiguration"). */
export interface Alias {
  /** `arn:aws:lambda:<region>:<account>:function:<function>:<name>`. */
  readonly AliasArn: string;
  readonly Name: string;
  /** `$LATEST` or a number. */
  readonly FunctionVersion: string;
  readonly Description: string;
  /** One other version and the share of invocations, 0 to 1, that go to it. */
  readonly RoutingConfig?: { readonly AdditionalVersionWeights: Readonly<Record<string, number>> };
  readonly RevisionId: string;
}

export class Aliases {
  readonly #database: Database;
  readonly #changes: Changes;

  constructor(database: Database, changes: Changes) {
    this.#database = database;
    this.#changes = changes;
  }

  get(functionName: string, name: string): Alias | undefined {
    const row = this.#database
      .prepare('SELECT document FROM aliases WHERE function_name = ? AND name = ?')
      .get(functionName, name);
    return row === undefined ? undefined : aliasOf(row);
  }

  /** Made or replaced, of a function that is there. */
  put(functionName: string, alias: Alias): void {
    this.#database.transaction(() => {
      this.#database
        .prepare('INSERT OR REPLACE INTO aliases (function_name, name, document) VALUES (?, ?, ?)')
        .run(functionName, alias.Name, JSON.stringify(alias));
      this.#changes.note({ kind: 'alias-changed', functionName, version: alias.FunctionVersion });
    });
  }

  /** @returns whether it was there. */
  delete(functionName: string, name: string): boolean {
    return this.#database.transaction(() => {
      const { changes } = this.#database
        .prepare('DELETE FROM aliases WHERE function_name = ? AND name = ?')
        .run(functionName, name);
      if (changes === 0) return false;
      this.#changes.note({ kind: 'alias-changed', functionName });
      return true;
    });
  }

  /** By name. @param version only aliases that send invocations to it. */
  page(functionName: string, request: PageRequest, version?: string): Page<Alias> {
    const statement = this.#database.prepare(
      `SELECT document FROM aliases WHERE function_name = ? AND name > ? AND (? IS NULL OR ${pointsTo})
       ORDER BY name LIMIT ?`,
    );
    const wanted = version ?? null;
    return pageOf(
      request,
      [''],
      (after, limit) => statement.all(functionName, ...after, wanted, wanted, wanted, limit).map(aliasOf),
      (alias) => [alias.Name],
    );
  }

  /** Names of the aliases that send invocations to a version. */
  namesOf(functionName: string, version: string): string[] {
    return this.#database
      .prepare(`SELECT name FROM aliases WHERE function_name = ? AND ${pointsTo} ORDER BY name`)
      .all(functionName, version, version)
      .map((row) => String(row.name));
  }
}

/** Takes the version twice. */
const pointsTo = `(json_extract(document, '$.FunctionVersion') = ?
  OR EXISTS (SELECT 1 FROM json_each(document, '$.RoutingConfig.AdditionalVersionWeights') WHERE key = ?))`;

function aliasOf(row: { readonly document?: unknown }): Alias {
  return JSON.parse(String(row.document)) as Alias;
}
