import { existsSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { maxArchiveEntries, maxUnzippedBytes } from '../domain/limits.ts';
import type { Clock } from '../foundation/clock.ts';
import { treeSize } from './tree-size.ts';
import type { UnpackedArchive } from './unpack-archive.ts';

export const digestPattern = /^[0-9a-f]{64}$/;

/** What a file or directory takes on disk at least. */
const blockBytes = 4096;

interface Use {
  holders: number;
  lastMs: number;
}

/**
 * The unpacked packages of one process, by digest: `<directory>/<digest>/`, complete from the moment the name exists.
 * Each can be made again, so any may go that nobody holds.
 */
export class PackageTrees {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #uses = new Map<string, Use>();
  /** What a tree takes on disk, of those made or measured so far. */
  readonly #bytes = new Map<string, number>();

  /** `directory` is there already. */
  constructor(directory: string, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  pathOf(digest: string): string {
    return path.join(this.#directory, digest);
  }

  has(digest: string): boolean {
    return existsSync(this.pathOf(digest));
  }

  digests(): string[] {
    return readdirSync(this.#directory).filter((name) => digestPattern.test(name));
  }

  isHeld(digest: string): boolean {
    return (this.#uses.get(digest)?.holders ?? 0) > 0;
  }

  /** From now on the tree does not go, and one made later neither. @returns gives that up; again: nothing happens. */
  hold(digest: string): () => void {
    const use = this.#uses.get(digest) ?? { holders: 0, lastMs: 0 };
    this.#uses.set(digest, use);
    use.holders += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      use.holders -= 1;
      use.lastMs = this.#clock();
    };
  }

  /** Gives a complete tree its name, unless it has one. */
  add(digest: string, unpacked: UnpackedArchive): void {
    if (this.has(digest)) return;
    renameSync(unpacked.tree, this.pathOf(digest));
    this.#bytes.set(digest, unpacked.bytes + unpacked.entries * blockBytes);
    const use = this.#uses.get(digest) ?? { holders: 0, lastMs: 0 };
    use.lastMs = this.#clock();
    this.#uses.set(digest, use);
  }

  /** Moves a tree that is there, and that nobody holds, into `outgoing`. */
  takeOut(digest: string, outgoing: string): void {
    renameSync(this.pathOf(digest), path.join(outgoing, digest));
    this.#uses.delete(digest);
    this.#bytes.delete(digest);
  }

  /** Takes out trees that nobody holds, those used longest ago first, until no more than `maxBytes` are left. */
  async takeOutExcess(maxBytes: number, outgoing: string): Promise<void> {
    const trees: { digest: string; bytes: number; lastMs: number }[] = [];
    for (const digest of this.digests()) {
      const bytes = await this.#measure(digest);
      trees.push({ digest, bytes, lastMs: this.#uses.get(digest)?.lastMs ?? 0 });
    }
    let excessBytes = trees.reduce((sum, { bytes }) => sum + bytes, 0) - maxBytes;
    for (const { digest, bytes } of trees.sort((a, b) => a.lastMs - b.lastMs)) {
      if (excessBytes <= 0) return;
      if (this.isHeld(digest) || !this.has(digest)) continue;
      this.takeOut(digest, outgoing);
      excessBytes -= bytes;
    }
  }

  async #measure(digest: string): Promise<number> {
    const known = this.#bytes.get(digest);
    if (known !== undefined) return known;
    const bounds = { bytes: maxUnzippedBytes, entries: maxArchiveEntries };
    const { bytes, entries } = await treeSize(this.pathOf(digest), bounds);
    const counted = bytes + entries * blockBytes;
    this.#bytes.set(digest, counted);
    return counted;
  }
}
