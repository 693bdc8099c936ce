import type { FunctionVersion } from '../domain/function-version.ts';
import type { Database } from '../foundation/database.ts';

/** More than are invoked at a time. */
const maxKnown = 512;

/**
 * Versions as they were last read: each invocation asks for one, and reading it anew takes longer than finding it an
 * environment. Within a transaction nothing is taken from here or kept here, so that whoever changes something sees what
 * he changed, and what is undone was never known.
 */
export class KnownVersions {
  readonly #database: Database;
  readonly #known = new Map<string, FunctionVersion>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param read what is in the database. */
  get(
    functionName: string,
    number: number,
    read: () => FunctionVersion | undefined,
  ): FunctionVersion | undefined {
    if (this.#database.isInTransaction) return read();
    const name = `${functionName}:${number}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const version = read();
    if (version === undefined) return undefined;
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(name, version);
    return version;
  }

  /** To be called by every change of any version, within its transaction. */
  forget(): void {
    this.#known.clear();
  }
}
