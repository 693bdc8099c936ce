import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/**
 * One SQLite file. Every transaction is on the disk when it returns: WAL with a full fsync at each commit, so that what
 * a client was told survives a kill at any moment, and what it was not told is there whole or not at all.
 */
export class Database {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;
  #afterCommit: (() => void)[] = [];

  /** @param file path, made where it is not there, for its owner's eyes only; `:memory:` for one that is nowhere. */
  constructor(file: string) {
    // SQLite gives its journal the mode of the file it finds: what functions keep in variables is nobody else's.
    if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600));
    this.#connection = new DatabaseSync(file);
    this.#connection.exec(
      'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000;',
    );
    this.#connection.exec(
      'CREATE TABLE IF NOT EXISTS schema_version (room TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT',
    );
  }

  /**
   * Brings a room's tables to the newest schema. Migration n makes version n + 1 of n; a released one never changes.
   *
   * @throws where the file was written by a newer Thaw.
   */
  migrate(room: string, migrations: readonly string[]): void {
    this.transaction(() => {
      const row = this.prepare('SELECT version FROM schema_version WHERE room = ?').get(room);
      const version = row === undefined ? 0 : Number(row.version);
      if (version > migrations.length)
        throw new Error(
          `the data of ${room} was written by a newer Thaw (schema ${version}, this one knows ${migrations.length}). Update Thaw, or give another --data directory.`,
        );
      for (const migration of migrations.slice(version)) this.#connection.exec(migration);
      this.prepare('INSERT OR REPLACE INTO schema_version (room, version) VALUES (?, ?)').run(
        room,
        migrations.length,
      );
    });
  }

  /** Compiled once per text. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /**
   * All or nothing; durable when it returns. One inside another is part of the outer one: it is undone with it, and where
   * it fails it alone is undone. `work` is synchronous.
   */
  transaction<T>(work: () => T): T {
    const isOutermost = this.#depth === 0;
    const savepoint = `depth_${this.#depth}`;
    const toldBefore = this.#afterCommit.length;
    this.#connection.exec(isOutermost ? 'BEGIN IMMEDIATE' : `SAVEPOINT ${savepoint}`);
    this.#depth += 1;
    let result: T;
    try {
      result = work();
      if (result instanceof Promise) {
        // Nobody will wait for it: its failure is this one.
        result.catch(() => {});
        throw new Error('a transaction was given asynchronous work: it would commit before the work is done');
      }
      this.#connection.exec(isOutermost ? 'COMMIT' : `RELEASE ${savepoint}`);
    } catch (error) {
      this.#afterCommit.length = toldBefore;
      // A commit that failed may have rolled back already.
      if (this.#connection.isTransaction)
        this.#connection.exec(isOutermost ? 'ROLLBACK' : `ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`);
      throw error;
    } finally {
      this.#depth -= 1;
    }
    if (isOutermost) this.#tell();
    return result;
  }

  get isInTransaction(): boolean {
    return this.#depth > 0;
  }

  /** Runs `tell` once what is being changed is durable, never where it is undone; at once outside of a transaction. */
  afterCommit(tell: () => void): void {
    if (this.#depth === 0) tell();
    else this.#afterCommit.push(tell);
  }

  #tell(): void {
    const told = this.#afterCommit;
    this.#afterCommit = [];
    for (const tell of told) tell();
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }
}
