import { existsSync } from 'node:fs';
import type { Finding } from '../artifacts/executable-findings.ts';
import { inspectExecutable } from '../artifacts/inspect-executable.ts';
import { MergedTree } from '../artifacts/merged-tree.ts';
import type { MountPlan } from '../domain/mount-plan.ts';

/** Host directories every sandbox shows. */
const hostPlaces = ['/usr/', '/bin/', '/sbin/', '/lib/', '/lib64/'];

/** The files of an environment as seen from inside, looked up from outside. */
export class SandboxFiles {
  readonly #trees: readonly { readonly prefix: string; readonly tree: MergedTree }[];
  readonly #mounts: MountPlan;
  readonly #searchPath: string;

  constructor(mounts: MountPlan, searchPath: string) {
    this.#mounts = mounts;
    this.#searchPath = searchPath;
    this.#trees = mounts.mounts.map(({ target, sources }) => ({
      prefix: `${target}/`,
      tree: new MergedTree(target, sources),
    }));
  }

  /** @param hops symbolic links between mounts that may still be followed; two may point at each other. */
  exists(absolutePath: string, hops = 8): boolean {
    const mounted = this.#trees.find(({ prefix }) => absolutePath.startsWith(prefix));
    if (mounted) {
      const found = mounted.tree.resolve(absolutePath.slice(mounted.prefix.length));
      if (found.kind === 'outside') return hops > 0 && this.exists(found.path, hops - 1);
      return found.kind !== 'missing' && found.kind !== 'loop';
    }
    return hostPlaces.some((place) => absolutePath.startsWith(place)) && existsSync(absolutePath);
  }

  /** What would keep the kernel from starting the program; empty when nothing would. */
  inspect(absolutePath: string): readonly Finding[] {
    const mount = this.#mounts.mounts.find(({ target }) => absolutePath.startsWith(`${target}/`));
    if (!mount) return [];
    return inspectExecutable(mount.sources, absolutePath.slice(mount.target.length + 1), {
      target: mount.target,
      lookup: (path) => this.exists(path),
      searchPath: this.#searchPath,
      arch: process.arch,
    });
  }
}
