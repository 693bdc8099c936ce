import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isExecutableFile } from './host-programs.ts';
import { type Interpreter, isOfVersion, type LanguageFamily } from './language.ts';
import { languages } from './languages.ts';

/**
 * Interpreters that Thaw installed, each complete in a directory of its own that never changes:
 *
 *     <storeRoot>/runtimes/<family>-<complete version>/
 */
export function installedName(family: LanguageFamily, completeVersion: string): string {
  return `${family}-${completeVersion}`;
}

/** The newest installed one of a version. */
export function installedInterpreter(
  storeRoot: string,
  family: LanguageFamily,
  version: string,
): Interpreter | undefined {
  const runtimes = path.join(storeRoot, 'runtimes');
  return namesIn(runtimes)
    .filter((name) => name.startsWith(`${family}-`))
    .map((name) => ({ prefix: path.join(runtimes, name), version: name.slice(family.length + 1) }))
    .filter((installed) => isOfVersion(installed.version, version))
    .sort((one, other) => other.version.localeCompare(one.version, 'en', { numeric: true }))
    .map((installed) => ({
      ...installed,
      program: path.join(installed.prefix, languages[family].installedProgram(version)),
    }))
    .find(({ program }) => isExecutableFile(program));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
