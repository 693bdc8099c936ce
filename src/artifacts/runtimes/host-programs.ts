import { accessSync, constants, globSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Language } from './language.ts';

const maxPrograms = 64;

/**
 * Files of this host that may be a language's program in a version, the likeliest first and each only once: those on
 * PATH, then those in the places of version managers. The stand-ins that version managers put on PATH are left out:
 * what they start depends on the directory they are started in.
 */
export function hostPrograms(
  language: Language,
  version: string,
  { searchPath, home }: { readonly searchPath: string; readonly home: string },
): readonly string[] {
  const directories = searchPath.split(':').filter(path.isAbsolute);
  const names = language.programs(version);
  const onPath = names.flatMap((name) =>
    directories
      .filter((directory) => path.basename(directory) !== 'shims')
      .map((directory) => path.join(directory, name)),
  );
  const elsewhere = language.places(version).flatMap((pattern) => found(pattern, home));
  const programs = [...onPath, ...elsewhere].filter(isExecutableFile).map((file) => realpathSync(file));
  return [...new Set(programs)].slice(0, maxPrograms);
}

/** Newest first, as far as names tell. */
function found(pattern: string, home: string): string[] {
  const [cwd, relative] = pattern.startsWith('~/') ? [home, pattern.slice(2)] : ['/', pattern.slice(1)];
  return globSync(relative, { cwd })
    .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))
    .map((file) => path.join(cwd, file));
}

export function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
