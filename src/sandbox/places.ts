import { join } from 'node:path';

/** Where Thaw keeps things on the host. */
export interface Places {
  /** Small and short-lived, one directory per owner: root directories, container configurations. */
  readonly stateDir: string;
  /** Kept over restarts, on a real disk: the supervisor, `/tmp` images. */
  readonly cacheDir: string;
}

/**
 * `$THAW_STATE_DIR`, else `/run/thaw`; `$XDG_CACHE_HOME/thaw`, else `/var/cache/thaw`.
 * @throws where the path holds characters that mount options cannot carry.
 */
export function findPlaces(stateDir?: string): Places {
  const places = {
    stateDir: stateDir ?? process.env.THAW_STATE_DIR ?? '/run/thaw',
    cacheDir: cacheDirectory(),
  };
  for (const path of Object.values(places)) {
    if (!/^\/[\w./@+-]+$/.test(path))
      throw new Error(`${path} cannot hold Thaw's files: use an absolute path of letters, digits and ./@+-_`);
  }
  return places;
}

export function cacheDirectory(): string {
  const base = process.env.XDG_CACHE_HOME || '/var/cache';
  return join(base, 'thaw');
}
