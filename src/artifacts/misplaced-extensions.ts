import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Directories at the top of a layer that belong to a language or to everybody: what is below is not for us to judge. */
const knownDirectories = new Set(['nodejs', 'python', 'java', 'ruby', 'dotnetcore', 'bin', 'lib']);

/**
 * Executable files of a layer that look like extensions and are none, because the directory around them was packed,
 * or given, instead of what is in it: `DIR/extensions/x`, or `x` in a layer directory that is itself named
 * `extensions`. A layer that has an `extensions` at its top is taken for what it says. Symbolic links are not followed:
 * on the host they lead elsewhere than in the sandbox.
 *
 * @param layerDir host directory of one layer.
 * @returns paths below it, sorted; empty where nothing is wrong.
 */
export function misplacedExtensions(layerDir: string): readonly string[] {
  const entries = readdirSync(layerDir, { withFileTypes: true });
  if (entries.some(({ name }) => name === 'extensions')) return [];
  if (path.basename(layerDir) === 'extensions') return programsIn(layerDir, '');
  return entries
    .filter((entry) => entry.isDirectory() && !knownDirectories.has(entry.name))
    .flatMap(({ name }) => programsIn(layerDir, path.join(name, 'extensions')))
    .sort();
}

function programsIn(layerDir: string, directory: string): string[] {
  const whole = path.join(layerDir, directory);
  if (!lstatSync(whole, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(whole)
    .filter((name) => isProgram(path.join(whole, name)))
    .map((name) => path.join(directory, name))
    .sort();
}

/** False too of one that is gone by now: a layer may be somebody's working directory. */
function isProgram(file: string): boolean {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true && (stats.mode & 0o111) !== 0;
}
