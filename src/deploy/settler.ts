import type { Catalog } from '../catalog/catalog.ts';
import type { FunctionVersion } from '../domain/function-version.ts';
import { failed, succeeded } from './function-state.ts';
import type { Packages } from './packages.ts';

/**
 * Drives what was created or updated to its end, behind the answer that acknowledged it: once the files of its code and
 * its layers are on the disk, a version is Active; where they cannot be had, what was updated is what it was before. What a crash leaves in between is taken up by `resume`.
 */
export class Settler {
  readonly #catalog: Catalog;
  readonly #packages: Pick<Packages, 'use'>;
  readonly #onError: (error: unknown) => void;
  readonly #running = new Set<Promise<void>>();
  #isClosed = false;

  /** @param onError where even a failure could not be recorded; the version is then settled at the next start. */
  constructor(catalog: Catalog, packages: Pick<Packages, 'use'>, onError: (error: unknown) => void) {
    this.#catalog = catalog;
    this.#packages = packages;
    this.#onError = onError;
  }

  /** Returns at once. Once closed, nothing begins any more. */
  settle(version: FunctionVersion): void {
    if (this.#isClosed) return;
    const running = this.#settle(version)
      .catch(this.#onError)
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Everything unsettled, one after the other. Resolves when that is done. */
  async resume(): Promise<void> {
    for (const version of this.#catalog.versions.unsettled()) {
      if (this.#isClosed) return;
      this.settle(version);
      await this.idle();
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.idle();
  }

  async #settle(version: FunctionVersion): Promise<void> {
    const problem = await this.#missingFiles(version);
    this.#catalog.transaction(() => {
      const current = this.#catalog.versions.get(version.functionName, version.version);
      // Deleted meanwhile, perhaps made again: whoever made the revision that is there now settles it.
      if (current?.configuration.RevisionId !== version.configuration.RevisionId) return;
      this.#catalog.versions.replace(problem === undefined ? success(current) : failure(current, problem));
    });
  }

  async #missingFiles({ code, layers }: FunctionVersion): Promise<string | undefined> {
    for (const { digest } of [code, ...layers])
      try {
        (await this.#packages.use(digest)).release();
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        return `The package ${digest} could not be unpacked: ${cause}. Upload the code again.`;
      }
    return undefined;
  }
}

function success({ before, ...current }: FunctionVersion): FunctionVersion {
  return { ...current, configuration: succeeded(current.configuration) };
}

/** A function whose update fails goes on as what it was before. */
function failure({ before, ...current }: FunctionVersion, problem: string): FunctionVersion {
  const lasting = before ?? current;
  return { ...lasting, configuration: failed(lasting.configuration, problem) };
}
