import { existsSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { lockFile } from '../foundation/directory-lock.ts';
import type { DataDirectory } from './data-directory.ts';

/** What a start makes in a data directory, so that one which fails can take it back: what was there before stays. */
export class NewData {
  readonly #directory: DataDirectory;
  readonly #topmost: string | undefined;
  readonly #files: readonly string[];

  /**
   * To be made under the directory's lock, before anything else is.
   *
   * @param topmost directory that was made for it, if any.
   */
  constructor(directory: DataDirectory, topmost: string | undefined) {
    const { database, packages, keys, record } = directory;
    this.#directory = directory;
    this.#topmost = topmost;
    this.#files = [database, `${database}-wal`, `${database}-shm`, packages, keys, record].filter(
      (file) => !existsSync(file),
    );
  }

  /** To be called while the lock is still held. */
  remove(): void {
    for (const file of this.#files) rmSync(file, { recursive: true, force: true });
    const { root, database } = this.#directory;
    if (this.#files.includes(database)) rmSync(lockFile(root), { force: true });
    if (this.#topmost === undefined) return;
    let directory = root;
    while (tryRemove(directory) && directory !== this.#topmost) directory = path.dirname(directory);
  }
}

/** Not where somebody else has put something there meanwhile. */
function tryRemove(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch {
    return false;
  }
}
