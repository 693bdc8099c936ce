import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MiB, maxArchiveEntries, maxUnzippedBytes } from '../domain/limits.ts';
import { withMachineLock } from '../foundation/machine-lock.ts';
import { isRunning, processName } from '../foundation/process-name.ts';
import { makeScratchDirectory } from './scratch.ts';
import { treeSize } from './tree-size.ts';

/** What a file or directory takes on disk at least. */
const blockBytes = 4096;
/** What a tree counts for at least, so that the number of small ones has an end too. */
const minTreeBytes = MiB;

const treePattern = /^sha256-[0-9a-f]{64}$/;

/**
 * The unpacked archives of a store, which any number of processes share.
 *
 *     <directory>/sha256-<digest>/              a tree; complete from the moment the name exists
 *     <directory>/records/sha256-<digest>       the bytes it counts for; its time is the tree's last use
 *     <directory>/users/<process>/sha256-<…>    that process uses the tree, or is about to make it
 *     <directory>/scratch/                      trees on their way here and on their way out
 *
 * Saying that a tree is used and choosing what goes happen under one lock, so no tree goes that was just found. A use
 * lasts until the process has ended.
 */
export class UnzippedTrees {
  readonly #directory: string;
  readonly #lockName: string;

  /** `directory` is there already. */
  constructor(directory: string) {
    this.#directory = directory;
    const { dev, ino } = statSync(directory);
    this.#lockName = `thaw/unzipped/${dev}-${ino}`;
  }

  /** Where work in progress goes. */
  get scratchRoot(): string {
    return path.join(this.#directory, 'scratch');
  }

  /** @param name `sha256-<digest>`. */
  pathOf(name: string): string {
    return path.join(this.#directory, name);
  }

  /** From now on this process uses the tree. @returns whether it is there; otherwise it is this process's to make. */
  async use(name: string): Promise<boolean> {
    return await withMachineLock(this.#lockName, async () => {
      const uses = path.join(this.#directory, 'users', processName());
      mkdirSync(uses, { recursive: true, mode: 0o700 });
      writeFileSync(path.join(uses, name), '');
      if (!existsSync(this.pathOf(name))) return false;
      const now = new Date();
      if (existsSync(this.#recordOf(name))) utimesSync(this.#recordOf(name), now, now);
      return true;
    });
  }

  /** Gives a complete tree its name. Of two processes that made the same one is first; both then use its tree. */
  async add(tree: string, name: string): Promise<void> {
    try {
      await rename(tree, this.pathOf(name));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    }
    await this.#bytesOf(name);
  }

  /** Removes trees, those used longest ago first, until no more than `maxBytes` are left, or only trees in use. */
  async evict(maxBytes: number): Promise<void> {
    if (this.#names().length === 0) return;
    const outgoing = await withMachineLock(this.#lockName, () => this.#takeOut(maxBytes));
    // Outside the lock, because it takes its time; the next sweep does it for a process that is killed here.
    if (outgoing !== undefined) await rm(outgoing, { recursive: true, force: true });
  }

  /** @returns the scratch directory that what goes has been moved to. */
  async #takeOut(maxBytes: number): Promise<string | undefined> {
    const used = this.#usedNames();
    const trees: { name: string; bytes: number; lastUseMs: number }[] = [];
    for (const name of this.#names()) {
      const bytes = await this.#bytesOf(name);
      trees.push({ name, bytes, lastUseMs: statSync(this.#recordOf(name)).mtimeMs });
    }
    let excessBytes = trees.reduce((sum, { bytes }) => sum + bytes, 0) - maxBytes;
    if (excessBytes <= 0) return undefined;
    const scratch = await makeScratchDirectory(this.scratchRoot);
    for (const { name, bytes } of trees.sort((a, b) => a.lastUseMs - b.lastUseMs)) {
      if (excessBytes <= 0) break;
      if (used.has(name)) continue;
      // The record first: a tree without one is measured again, a record without a tree would stay for ever.
      rmSync(this.#recordOf(name));
      renameSync(this.pathOf(name), path.join(scratch, name));
      excessBytes -= bytes;
    }
    return scratch;
  }

  #names(): string[] {
    return readdirSync(this.#directory).filter((name) => treePattern.test(name));
  }

  /** What live processes use; what dead ones said is forgotten. */
  #usedNames(): ReadonlySet<string> {
    const users = path.join(this.#directory, 'users');
    mkdirSync(users, { recursive: true, mode: 0o700 });
    const used = readdirSync(users).flatMap((user) => {
      if (isRunning(user)) return readdirSync(path.join(users, user));
      rmSync(path.join(users, user), { recursive: true });
      return [];
    });
    return new Set(used);
  }

  /** From the tree's record, which is made where there is none. */
  async #bytesOf(name: string): Promise<number> {
    const record = this.#recordOf(name);
    // All of them are read when a store is opened: asynchronously that takes ten times as long.
    const text = existsSync(record) ? readFileSync(record, 'latin1') : '';
    if (/^\d+$/.test(text)) return Number(text);
    const bounds = { bytes: maxUnzippedBytes, entries: maxArchiveEntries };
    const { bytes, entries } = await treeSize(this.pathOf(name), bounds);
    const counted = Math.max(minTreeBytes, bytes + entries * blockBytes);
    mkdirSync(path.dirname(record), { recursive: true, mode: 0o700 });
    await writeFile(record, String(counted));
    return counted;
  }

  #recordOf(name: string): string {
    return path.join(this.#directory, 'records', name);
  }
}
