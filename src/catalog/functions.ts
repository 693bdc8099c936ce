import type { FunctionVersion } from '../domain/function-version.ts';
import type { Database } from '../foundation/database.ts';
import type { Changes } from './changes.ts';
import type { KnownVersions } from './known-versions.ts';
import { type Page, type PageRequest, pageOf } from './page.ts';
import { versionOf, writeVersion } from './version-rows.ts';

/** Functions, each as its `$LATEST`. */
export class Functions {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #known: KnownVersions;

  constructor(database: Database, changes: Changes, known: KnownVersions) {
    this.#database = database;
    this.#changes = changes;
    this.#known = known;
  }

  has(name: string): boolean {
    return this.#database.prepare('SELECT 1 FROM functions WHERE name = ?').get(name) !== undefined;
  }

  latest(name: string): FunctionVersion | undefined {
    const row = this.#database
      .prepare('SELECT document FROM function_versions WHERE function_name = ? AND number = 0')
      .get(name);
    return row === undefined ? undefined : versionOf(row);
  }

  /** @param latest of a name that is not there yet. */
  create(latest: FunctionVersion): void {
    this.#database.transaction(() => {
      this.#database.prepare('INSERT INTO functions (name) VALUES (?)').run(latest.functionName);
      writeVersion(this.#database, this.#known, latest);
      this.#changes.note({ kind: 'function-updated', functionName: latest.functionName, version: '$LATEST' });
    });
  }

  /** With its versions, aliases and everything else it owns. @returns whether it was there. */
  delete(name: string): boolean {
    return this.#database.transaction(() => {
      this.#known.forget();
      const { changes } = this.#database.prepare('DELETE FROM functions WHERE name = ?').run(name);
      if (changes === 0) return false;
      this.#changes.note({ kind: 'function-deleted', functionName: name });
      return true;
    });
  }

  count(): number {
    return Number(this.#database.prepare('SELECT count(*) AS count FROM functions').get()?.count);
  }

  /** By name. */
  page(request: PageRequest): Page<FunctionVersion> {
    const statement = this.#database.prepare(
      'SELECT document FROM function_versions WHERE number = 0 AND function_name > ? ORDER BY function_name LIMIT ?',
    );
    return pageOf(
      request,
      [''],
      (after, limit) => statement.all(...after, limit).map(versionOf),
      (version) => [version.functionName],
    );
  }
}
