import type { Database } from '../foundation/database.ts';
import type { Changes } from './changes.ts';

/** Concurrent executions kept for one function, which are also the most it may have. */
export class ReservedConcurrency {
  readonly #database: Database;
  readonly #changes: Changes;

  constructor(database: Database, changes: Changes) {
    this.#database = database;
    this.#changes = changes;
  }

  get(functionName: string): number | undefined {
    const row = this.#database
      .prepare('SELECT executions FROM reserved_concurrency WHERE function_name = ?')
      .get(functionName);
    return row === undefined ? undefined : Number(row.executions);
  }

  /** Of all functions together. */
  total(): number {
    const row = this.#database.prepare('SELECT total(executions) AS total FROM reserved_concurrency').get();
    return Number(row?.total);
  }

  put(functionName: string, executions: number): void {
    this.#database.transaction(() => {
      this.#database
        .prepare('INSERT OR REPLACE INTO reserved_concurrency (function_name, executions) VALUES (?, ?)')
        .run(functionName, executions);
      this.#changes.note({ kind: 'concurrency-changed', functionName });
    });
  }

  delete(functionName: string): void {
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM reserved_concurrency WHERE function_name = ?').run(functionName);
      this.#changes.note({ kind: 'concurrency-changed', functionName });
    });
  }
}
