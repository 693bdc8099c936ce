import type { FunctionVersion } from '../domain/function-version.ts';
import type { Database } from '../foundation/database.ts';
import type { Changes } from './changes.ts';
import type { KnownVersions } from './known-versions.ts';
import { type Page, type PageRequest, pageOf } from './page.ts';
import { numberOf, versionOf, writeVersion } from './version-rows.ts';

/** Versions of functions, `$LATEST` among them. */
export class Versions {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #known: KnownVersions;

  constructor(database: Database, changes: Changes, known: KnownVersions) {
    this.#database = database;
    this.#changes = changes;
    this.#known = known;
  }

  /** @param version `$LATEST` or a number. */
  get(functionName: string, version: string): FunctionVersion | undefined {
    const number = numberOf(version);
    return this.#known.get(functionName, number, () => {
      const row = this.#database
        .prepare('SELECT document FROM function_versions WHERE function_name = ? AND number = ?')
        .get(functionName, number);
      return row === undefined ? undefined : versionOf(row);
    });
  }

  /** The number the next published version of a function that is there has. */
  nextNumber(functionName: string): number {
    const row = this.#database.prepare('SELECT last_version FROM functions WHERE name = ?').get(functionName);
    return Number(row?.last_version) + 1;
  }

  /** @param content what `$LATEST` is at this moment, for `lastPublished`. */
  publish(version: FunctionVersion, content: string): void {
    const { functionName } = version;
    const number = numberOf(version.version);
    this.#database.transaction(() => {
      this.#database
        .prepare('UPDATE functions SET last_version = ? WHERE name = ?')
        .run(number, functionName);
      writeVersion(this.#database, this.#known, version);
      this.#database
        .prepare('INSERT INTO published_contents (function_name, number, digest) VALUES (?, ?, ?)')
        .run(functionName, number, content);
      this.#changes.note({ kind: 'version-published', functionName, version: version.version });
    });
  }

  /** The version published last, where it is still there, and what `$LATEST` was then. */
  lastPublished(functionName: string): { version: FunctionVersion; content: string } | undefined {
    const row = this.#database
      .prepare(
        `SELECT document, digest FROM functions
         JOIN function_versions ON function_name = name AND number = last_version
         JOIN published_contents USING (function_name, number)
         WHERE name = ?`,
      )
      .get(functionName);
    return row === undefined ? undefined : { version: versionOf(row), content: String(row.digest) };
  }

  /** Of a version that is there: its new state, or for `$LATEST` what it is from now on. */
  replace(version: FunctionVersion): void {
    this.#database.transaction(() => {
      writeVersion(this.#database, this.#known, version);
      this.#changes.note({
        kind: 'function-updated',
        functionName: version.functionName,
        version: version.version,
      });
    });
  }

  /** A published one. @returns whether it was there. */
  delete(functionName: string, version: string): boolean {
    return this.#database.transaction(() => {
      this.#known.forget();
      const { changes } = this.#database
        .prepare('DELETE FROM function_versions WHERE function_name = ? AND number = ? AND number > 0')
        .run(functionName, numberOf(version));
      if (changes === 0) return false;
      this.#changes.note({ kind: 'version-deleted', functionName, version });
      return true;
    });
  }

  /** Of one function: `$LATEST`, then the published ones as they were published. */
  page(functionName: string, request: PageRequest): Page<FunctionVersion> {
    const statement = this.#database.prepare(
      'SELECT document FROM function_versions WHERE function_name = ? AND number > ? ORDER BY number LIMIT ?',
    );
    return pageOf(
      request,
      [-1],
      (after, limit) => statement.all(functionName, ...after, limit).map(versionOf),
      (version) => [numberOf(version.version)],
    );
  }

  /** Of all functions, by name. */
  pageOfAll(request: PageRequest): Page<FunctionVersion> {
    const statement = this.#database.prepare(
      'SELECT document FROM function_versions WHERE (function_name, number) > (?, ?) ORDER BY function_name, number LIMIT ?',
    );
    return pageOf(
      request,
      ['', -1],
      (after, limit) => statement.all(...after, limit).map(versionOf),
      (version) => [version.functionName, numberOf(version.version)],
    );
  }

  /** Those whose creation or update is in progress. */
  unsettled(): FunctionVersion[] {
    return this.#database
      .prepare('SELECT document FROM function_versions WHERE is_settled = 0 ORDER BY function_name, number')
      .all()
      .map(versionOf);
  }

  /** Bytes of the deployment packages of all versions, each counted as often as it is used. */
  codeBytes(): number {
    const row = this.#database
      .prepare(
        "SELECT total(json_extract(document, '$.configuration.CodeSize')) AS bytes FROM function_versions",
      )
      .get();
    return Number(row?.bytes);
  }

  /** Whether some version needs this package, as its code or as a layer: it must not be collected then. */
  usesPackage(digest: string): boolean {
    return (
      this.#database.prepare('SELECT 1 FROM version_packages WHERE digest = ? LIMIT 1').get(digest) !==
      undefined
    );
  }

  /** All of them. */
  digests(): Set<string> {
    const rows = this.#database.prepare('SELECT DISTINCT digest FROM version_packages').all();
    return new Set(rows.map((row) => String(row.digest)));
  }
}
