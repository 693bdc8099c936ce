import type { Database } from '../foundation/database.ts';

/** What happened to a function. `version` is `$LATEST` or a number; absent where the whole function is meant. */
export interface CatalogChange {
  readonly kind:
    | 'function-updated'
    | 'function-deleted'
    | 'version-published'
    | 'version-deleted'
    | 'concurrency-changed'
    | 'alias-changed';
  readonly functionName: string;
  readonly version?: string;
}

export type ChangeListener = (change: CatalogChange) => void;

/** Tells listeners what has changed, in the order it did, once it is durable. */
export class Changes {
  readonly #database: Database;
  readonly #onError: (error: unknown) => void;
  readonly #listeners = new Set<ChangeListener>();

  /** @param onError of a listener that throws: the change is made all the same. */
  constructor(database: Database, onError: (error: unknown) => void) {
    this.#database = database;
    this.#onError = onError;
  }

  /** @returns what ends it. */
  watch(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  note(change: CatalogChange): void {
    this.#database.afterCommit(() => this.#tell(change));
  }

  #tell(change: CatalogChange): void {
    for (const listener of this.#listeners)
      try {
        listener(change);
      } catch (error) {
        this.#onError(error);
      }
  }
}
