import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import path from 'node:path';

/** As Linux: a path that leads through more symbolic links is a loop. */
const maxLinks = 40;

/** Where a path leads that is looked up as the sandbox would. */
export type Resolved =
  | { readonly kind: 'missing' /** The first path that does not exist. */; readonly path: string }
  | { readonly kind: 'loop' }
  /** Behind a link that leaves the mount: only the sandbox knows what is there. */
  | { readonly kind: 'outside'; readonly path: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly hostPath: string;
      readonly stats: Stats;
      /** Directories on the way that only their owner may enter, as paths in the sandbox. */
      readonly closedDirectories: readonly string[];
    }
  | {
      readonly kind: 'directory';
      readonly path: string /** Highest first. */;
      readonly hostPaths: readonly string[];
    };

type Place =
  | { readonly kind: 'missing' }
  | { readonly kind: 'directory'; readonly hostPaths: readonly string[]; readonly stats: Stats }
  | { readonly kind: 'other'; readonly hostPath: string; readonly stats: Stats };

/**
 * Host directories seen as one, the way an overlay mount shows them: where paths are equal a later source wins,
 * directories of equal path are merged, and anything but a directory hides what lies below it. Symbolic links are
 * resolved as in the sandbox, never on the host.
 */
export class MergedTree {
  readonly #target: string;
  readonly #sources: readonly string[];

  /** @param target where the tree is mounted, e.g. `/opt`. @param sources lowest first. */
  constructor(target: string, sources: readonly string[]) {
    this.#target = target;
    this.#sources = sources.toReversed();
  }

  /** Names in a directory of this tree, sorted; empty where there is no such directory. */
  names(relative: string): readonly string[] {
    const found = this.resolve(relative);
    if (found.kind !== 'directory') return [];
    return [...new Set(found.hostPaths.flatMap((directory) => readdirSync(directory)))].sort();
  }

  /** Follows `relative`, a path below the target, symbolic links at its end included. */
  resolve(relative: string): Resolved {
    let ahead = components(relative);
    let behind: string[] = [];
    let place = this.#top();
    const closed = new Set<string>();
    for (let links = 0; ahead.length > 0; ) {
      if (place.kind !== 'directory') return { kind: 'missing', path: this.#pathOf(behind) };
      if ((place.stats.mode & 0o001) === 0) closed.add(this.#pathOf(behind));
      const [name, ...rest] = ahead as [string, ...string[]];
      const next = step(place.hostPaths, name);
      if (next.kind === 'other' && next.stats.isSymbolicLink()) {
        links += 1;
        if (links > maxLinks) return { kind: 'loop' };
        const leadsTo = path.join(path.resolve(this.#pathOf(behind), readlinkSync(next.hostPath)), ...rest);
        const below = path.relative(this.#target, leadsTo);
        if (below === '..' || below.startsWith('../')) return { kind: 'outside', path: leadsTo };
        [ahead, behind, place] = [components(below), [], this.#top()];
        continue;
      }
      behind = [...behind, name];
      if (next.kind === 'missing') return { kind: 'missing', path: this.#pathOf(behind) };
      [ahead, place] = [rest, next];
    }
    const here = this.#pathOf(behind);
    if (place.kind === 'missing') return { kind: 'missing', path: here };
    if (place.kind === 'directory') return { kind: 'directory', path: here, hostPaths: place.hostPaths };
    return {
      kind: 'file',
      path: here,
      hostPath: place.hostPath,
      stats: place.stats,
      closedDirectories: [...closed],
    };
  }

  #top(): Place {
    return merge(this.#sources);
  }

  #pathOf(relative: readonly string[]): string {
    return path.join(this.#target, ...relative);
  }
}

function step(directories: readonly string[], name: string): Place {
  return merge(directories.map((directory) => path.join(directory, name)));
}

/** What the candidates for one path, highest first, add up to. */
function merge(candidates: readonly string[]): Place {
  const directories: string[] = [];
  let highest: Stats | undefined;
  for (const hostPath of candidates) {
    const stats = lstatSync(hostPath, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (!stats.isDirectory()) {
      if (highest === undefined) return { kind: 'other', hostPath, stats };
      break;
    }
    highest ??= stats;
    directories.push(hostPath);
  }
  return highest === undefined
    ? { kind: 'missing' }
    : { kind: 'directory', hostPaths: directories, stats: highest };
}

function components(relative: string): string[] {
  return relative.split('/').filter((component) => component !== '' && component !== '.');
}
