import type { Database } from '../foundation/database.ts';
import { type Page, type PageRequest, pageOf } from './page.ts';

/** A document as it hangs on a function, or on one version or alias of it. */
export interface Attached<Document> {
  readonly functionName: string;
  readonly qualifier: string;
  readonly document: Document;
}

/**
 * Documents of one kind, at most one per function and qualifier. Its table has the columns `function_name` (which goes
 * with the function), `qualifier` and `document`. What belongs to a function as a whole has the qualifier `$LATEST`.
 */
export class FunctionDocuments<Document> {
  readonly #database: Database;
  readonly #table: string;

  constructor(database: Database, table: string) {
    this.#database = database;
    this.#table = table;
  }

  get(functionName: string, qualifier = '$LATEST'): Document | undefined {
    const row = this.#database
      .prepare(`SELECT document FROM ${this.#table} WHERE function_name = ? AND qualifier = ?`)
      .get(functionName, qualifier);
    return row === undefined ? undefined : (JSON.parse(String(row.document)) as Document);
  }

  /** Made or replaced, of a function that is there. */
  put(functionName: string, document: Document, qualifier = '$LATEST'): void {
    this.#database
      .prepare(`INSERT OR REPLACE INTO ${this.#table} (function_name, qualifier, document) VALUES (?, ?, ?)`)
      .run(functionName, qualifier, JSON.stringify(document));
  }

  /** @returns whether it was there. */
  delete(functionName: string, qualifier = '$LATEST'): boolean {
    const { changes } = this.#database
      .prepare(`DELETE FROM ${this.#table} WHERE function_name = ? AND qualifier = ?`)
      .run(functionName, qualifier);
    return changes > 0;
  }

  /** All of one function, by qualifier. */
  of(functionName: string): Attached<Document>[] {
    return this.#database
      .prepare(`SELECT * FROM ${this.#table} WHERE function_name = ? ORDER BY qualifier`)
      .all(functionName)
      .map(attached<Document>);
  }

  /** Of one function, by qualifier. */
  page(functionName: string, request: PageRequest): Page<Attached<Document>> {
    const statement = this.#database.prepare(
      `SELECT * FROM ${this.#table} WHERE function_name = ? AND qualifier > ? ORDER BY qualifier LIMIT ?`,
    );
    return pageOf(
      request,
      [''],
      (after, limit) => statement.all(functionName, ...after, limit).map(attached<Document>),
      (row) => [row.qualifier],
    );
  }
}

function attached<Document>(row: Record<string, unknown>): Attached<Document> {
  return {
    functionName: String(row.function_name),
    qualifier: String(row.qualifier),
    document: JSON.parse(String(row.document)) as Document,
  };
}
