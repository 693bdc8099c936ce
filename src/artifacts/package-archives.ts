import { readdirSync, renameSync, statSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../foundation/clock.ts';
import { ArtifactError } from './artifact-error.ts';
import { sha256 } from './digest.ts';
import { syncDirectory, writeDurably } from './durable-file.ts';
import { digestPattern } from './package-trees.ts';

interface Archive {
  readonly size: number;
  /** When it was last put; undefined: by a process before this one. */
  readonly putAtMs?: number;
}

/** The bytes of packages as they came, by digest: `<directory>/<digest>.zip`, complete from the moment the name exists. */
export class PackageArchives {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #archives = new Map<string, Archive>();

  /** `directory` is there already. */
  constructor(directory: string, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
    for (const name of readdirSync(directory)) {
      const { name: digest, ext } = path.parse(name);
      if (ext !== '.zip' || !digestPattern.test(digest)) continue;
      this.#archives.set(digest, { size: statSync(path.join(directory, name)).size });
    }
  }

  /** Of all of them. */
  get bytes(): number {
    let bytes = 0;
    for (const { size } of this.#archives.values()) bytes += size;
    return bytes;
  }

  has(digest: string): boolean {
    return this.#archives.has(digest);
  }

  digests(): IterableIterator<string> {
    return this.#archives.keys();
  }

  /** How long ago it was last put; by a process before this one: for ever. */
  ageMs(digest: string): number {
    const putAtMs = this.#archives.get(digest)?.putAtMs;
    return putAtMs === undefined ? Number.POSITIVE_INFINITY : this.#clock() - putAtMs;
  }

  /** @throws ArtifactError `not-found` */
  find(digest: string): { readonly path: string; readonly size: number } {
    const file = path.join(this.#directory, `${digest}.zip`);
    const archive = this.#archives.get(digest);
    if (archive !== undefined) return { path: file, size: archive.size };
    const message = `${file} is not there: no package with the digest ${digest} was put, or it was collected. Upload it again.`;
    throw new ArtifactError('not-found', file, message);
  }

  /** @throws ArtifactError `not-found`; `archive-changed` where the bytes are no longer those that were put. */
  async read(digest: string): Promise<Buffer> {
    const file = this.find(digest).path;
    const zip = await readFile(file);
    if ((await sha256(zip)) === digest) return zip;
    const message = `${file} is damaged: its bytes are not those that were uploaded. Restore it from a copy, or remove it and upload the package again.`;
    throw new ArtifactError('archive-changed', file, message);
  }

  /** Durable when it returns. */
  async add(digest: string, zip: Buffer, scratch: string): Promise<void> {
    const file = path.join(scratch, 'archive.zip');
    await writeDurably(file, zip);
    await rename(file, path.join(this.#directory, `${digest}.zip`));
    await syncDirectory(this.#directory);
    this.#archives.set(digest, { size: zip.length, putAtMs: this.#clock() });
  }

  /** It was put again, so it counts as new. */
  renew(digest: string): void {
    this.#archives.set(digest, { size: this.find(digest).size, putAtMs: this.#clock() });
  }

  /** Moves one that is there into `outgoing`. @returns its bytes. */
  takeOut(digest: string, outgoing: string): number {
    const { path: file, size } = this.find(digest);
    renameSync(file, path.join(outgoing, `${digest}.zip`));
    this.#archives.delete(digest);
    return size;
  }
}
