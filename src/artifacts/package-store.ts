import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as others } from 'node:timers/promises';
import type { PackageReference } from '../domain/function-version.ts';
import { maxPackagesUnpacking } from '../domain/limits.ts';
import { type Clock, systemClock } from '../foundation/clock.ts';
import { sha256 } from './digest.ts';
import { syncDirectory } from './durable-file.ts';
import { PackageArchives } from './package-archives.ts';
import { type PackageLimits, packageLimits } from './package-limits.ts';
import {
  refuseArchiveSize,
  refuseEmpty,
  refuseStorage,
  refuseUpload,
  uploadName,
} from './package-refusal.ts';
import { PackageTrees } from './package-trees.ts';
import { removeTree } from './remove-tree.ts';
import { makeScratchDirectory, sweepScratch } from './scratch.ts';
import { Turns } from './turns.ts';
import { unpackArchive } from './unpack-archive.ts';
import { measureArchive } from './unzip.ts';

/** A package's contents, there for as long as it is not released. */
export interface PackageUse {
  /** Absolute host directory to be mounted. Not to be written to. */
  readonly directory: string;
  /** Idempotent. */
  release(): void;
}

/**
 * The packages that were uploaded, by digest.
 *
 *     <root>/archives/<digest>.zip   the bytes as they came: durable once `put` returned, gone only by `collect`
 *     <root>/trees/<digest>/         their contents; may go when nobody uses them, and are then made again
 *     <root>/scratch/                what is on its way here and on its way out
 *     <root>/empty/                  what an environment without layers sees at /opt
 *
 * One process at a time: whoever opens the store holds the lock of the directory it is in. Every name appears by one
 * rename of something complete, archives before trees, and goes by one, trees before archives: a process may be
 * killed at any moment, and the next finds whole archives and whole trees. The rest is scratch, which `collect` sweeps.
 *
 * Nothing below the root is readable for other users of the host: it is customers' code.
 */
export class PackageStore {
  readonly emptyDir: string;
  readonly #scratchRoot: string;
  readonly #limits: PackageLimits;
  readonly #archives: PackageArchives;
  readonly #trees: PackageTrees;
  /** Of archives on their way here. */
  #incomingBytes = 0;
  /** Packages that are being made; each settles, and never fails. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #unpacking = new Turns(maxPackagesUnpacking);
  readonly #collecting = new Turns(1);

  /** For `openPackageStore`: the directories are there already. */
  constructor(root: string, limits: PackageLimits, clock: Clock) {
    this.emptyDir = path.join(root, 'empty');
    this.#scratchRoot = path.join(root, 'scratch');
    this.#limits = limits;
    this.#archives = new PackageArchives(path.join(root, 'archives'), clock);
    this.#trees = new PackageTrees(path.join(root, 'trees'), clock);
  }

  /** Of all archives. */
  get storedBytes(): number {
    return this.#archives.bytes;
  }

  /**
   * Checks an archive, unpacks it and keeps it; it is on the disk when this returns. Bytes that are here already are
   * kept once. `zip` must not be changed meanwhile.
   *
   * @throws ServiceError in AWS's words where the archive is refused.
   */
  async put(zip: Buffer): Promise<PackageReference> {
    if (zip.length > this.#limits.maxArchiveBytes) throw refuseArchiveSize(this.#limits.maxArchiveBytes);
    if (zip.length === 0) throw refuseEmpty();
    const digest = await sha256(zip);
    const unzippedSize = await this.#alone(digest, () =>
      this.#archives.has(digest) ? this.#putAgain(digest, zip) : this.#putFirst(digest, zip),
    );
    return { digest, size: zip.length, unzippedSize };
  }

  /**
   * A package's contents for mounts, made again where they are not there.
   *
   * @throws ArtifactError `not-found`; `archive-changed` where the kept archive is damaged.
   */
  async use(digest: string): Promise<PackageUse> {
    this.#archives.find(digest);
    const release = this.#trees.hold(digest);
    try {
      if (!this.#trees.has(digest)) await this.#alone(digest, () => this.#makeTree(digest));
    } catch (error) {
      release();
      throw error;
    }
    return { directory: this.#trees.pathOf(digest), release };
  }

  /**
   * The file that was put, to be opened at once: one that nothing references may go.
   *
   * @throws ArtifactError `not-found`
   */
  archive(digest: string): { readonly path: string; readonly size: number } {
    return this.#archives.find(digest);
  }

  /**
   * Removes archives that nothing references, that nobody uses and that were not put a moment ago, with their trees;
   * trees beyond the bound that nobody uses; and what killed processes left.
   *
   * @param isReferenced asked about a digest right before it goes; where it says no, no reference may come back
   * without another `put`.
   * @returns the archives that went, and their bytes.
   */
  async collect(
    isReferenced: (digest: string) => boolean,
  ): Promise<{ readonly archives: number; readonly bytes: number }> {
    return await this.#collecting.take(async () => {
      const outgoing = await makeScratchDirectory(this.#scratchRoot);
      try {
        const went = await this.#takeOutArchives(isReferenced, outgoing);
        for (const digest of this.#trees.digests()) {
          // Its archive was removed by hand: nothing can reference it.
          if (!this.#archives.has(digest) && !this.#isNeeded(digest)) this.#trees.takeOut(digest, outgoing);
        }
        await this.#trees.takeOutExcess(this.#limits.maxTreeBytes, outgoing);
        return went;
      } finally {
        await removeTree(outgoing);
        await sweepScratch(this.#scratchRoot);
      }
    });
  }

  async #takeOutArchives(
    isReferenced: (digest: string) => boolean,
    outgoing: string,
  ): Promise<{ archives: number; bytes: number }> {
    const went = { archives: 0, bytes: 0 };
    for (const digest of this.#archives.digests()) {
      await others();
      // From here to the end of the turn nothing can be put, used or referenced: question and removal are one.
      if (this.#archives.ageMs(digest) < this.#limits.unreferencedMs || this.#isNeeded(digest)) continue;
      if (isReferenced(digest)) continue;
      if (this.#trees.has(digest)) this.#trees.takeOut(digest, outgoing);
      went.bytes += this.#archives.takeOut(digest, outgoing);
      went.archives += 1;
    }
    return went;
  }

  #isNeeded(digest: string): boolean {
    return this.#busy.has(digest) || this.#trees.isHeld(digest);
  }

  /** @returns the bytes of its contents. */
  async #putFirst(digest: string, zip: Buffer): Promise<number> {
    const { maxStoredBytes, unzip } = this.#limits;
    if (this.#archives.bytes + this.#incomingBytes + zip.length > maxStoredBytes) throw refuseStorage();
    // Counted from now on: otherwise many at once would all find room.
    this.#incomingBytes += zip.length;
    try {
      return await this.#unpacking.take(() =>
        this.#inScratch(async (scratch) => {
          const unpacked = await this.#judge(unpackArchive(zip, uploadName, scratch, unzip));
          await this.#archives.add(digest, zip, scratch);
          this.#trees.add(digest, unpacked);
          return unpacked.bytes;
        }),
      );
    } finally {
      this.#incomingBytes -= zip.length;
    }
  }

  /** Of what was unpacked before, the contents need no second look. @returns their bytes. */
  async #putAgain(digest: string, zip: Buffer): Promise<number> {
    const { bytes } = await this.#judge(measureArchive(zip, uploadName, this.#limits.unzip));
    this.#archives.renew(digest);
    return bytes;
  }

  /** Turns what was found out about an upload into an answer to who sent it. */
  async #judge<Size extends { readonly entries: number }>(reading: Promise<Size>): Promise<Size> {
    const size = await reading.catch((error: unknown) => {
      throw refuseUpload(error, this.#limits.unzip.maxBytes);
    });
    if (size.entries === 0) throw refuseEmpty();
    return size;
  }

  async #makeTree(digest: string): Promise<void> {
    if (this.#trees.has(digest)) return;
    await this.#unpacking.take(async () => {
      const zip = await this.#archives.read(digest);
      await this.#inScratch(async (scratch) => {
        const archive = this.#archives.find(digest).path;
        this.#trees.add(digest, await unpackArchive(zip, archive, scratch, this.#limits.unzip));
      });
    });
  }

  async #inScratch<T>(work: (scratch: string) => Promise<T>): Promise<T> {
    const scratch = await makeScratchDirectory(this.#scratchRoot);
    try {
      return await work(scratch);
    } finally {
      await removeTree(scratch);
    }
  }

  /** One at a time for each digest. */
  async #alone<T>(digest: string, work: () => Promise<T>): Promise<T> {
    for (let other = this.#busy.get(digest); other !== undefined; other = this.#busy.get(digest)) await other;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#busy.set(digest, promise);
    try {
      return await work();
    } finally {
      this.#busy.delete(digest);
      resolve();
    }
  }
}

/** Opens the store at `root`, making it where need be. */
export async function openPackageStore(
  root: string,
  limits: Partial<PackageLimits> = {},
  clock: Clock = systemClock,
): Promise<PackageStore> {
  const absolute = path.resolve(root);
  for (const directory of ['archives', 'trees', 'scratch'])
    mkdirSync(path.join(absolute, directory), { recursive: true, mode: 0o700 });
  mkdirSync(path.join(absolute, 'empty'), { recursive: true, mode: 0o755 });
  // Archives are no more durable than the names of the directories they are in.
  for (const directory of [absolute, path.dirname(absolute)]) await syncDirectory(directory);
  return new PackageStore(absolute, { ...packageLimits, ...limits }, clock);
}
