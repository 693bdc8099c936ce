import type { PackageStore } from '../artifacts/package-store.ts';
import type { Catalog } from '../catalog/catalog.ts';

/** Nothing waits for it: what is unused takes no more than disk. */
const everyMs = 10 * 60 * 1000;

/** Removes packages that no function and no layer needs any more, at once and from time to time. */
export class PackageCollection {
  readonly #packages: PackageStore;
  readonly #catalog: Catalog;
  readonly #onWarning: (message: string) => void;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void>;

  constructor(packages: PackageStore, catalog: Catalog, onWarning: (message: string) => void) {
    this.#packages = packages;
    this.#catalog = catalog;
    this.#onWarning = onWarning;
    this.#running = this.#collect();
    this.#timer = setInterval(() => {
      this.#running = this.#collect();
    }, everyMs);
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #collect(): Promise<void> {
    try {
      // Asked anew about each: it may have come into use meanwhile.
      await this.#packages.collect((digest) => this.#catalog.usesPackage(digest));
    } catch (error) {
      this.#onWarning(`packages that nothing uses could not be removed: ${(error as Error).message}`);
    }
  }
}
