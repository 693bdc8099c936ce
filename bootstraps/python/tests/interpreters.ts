import { accessSync, constants, globSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

/** A Python to run the runtime with. */
export interface Interpreter {
  /** `3.12`: of the runtime python3.12. */
  readonly version: string;
  readonly minor: number;
  readonly path: string;
}

const minors = [7, 8, 9, 10, 11, 12, 13, 14, 15];

/** One of each version, as far as this host has them: on PATH, or installed by pyenv or uv. */
export const interpreters: readonly Interpreter[] = minors.flatMap((minor) => {
  const version = `3.${minor}`;
  const path = programs(version).find(isExecutable);
  return path === undefined ? [] : [{ version, minor, path }];
});

function programs(version: string): string[] {
  // What version managers put on PATH themselves starts another version in another directory.
  const onPath = (process.env.PATH ?? '').split(':').filter((directory) => !directory.endsWith('/shims'));
  return [
    ...globSync(join(homedir(), `.pyenv/versions/${version}.*/bin/python${version}`)),
    ...globSync(join(homedir(), `.local/share/uv/python/cpython-${version}.*/bin/python${version}`)),
    ...onPath.map((directory) => join(directory, `python${version}`)),
  ];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return readdirSync(join(file, '../..')).length > 0;
  } catch {
    return false;
  }
}

/** Declares one suite per interpreter it is meant for. */
export function eachPython(
  title: string,
  suite: (python: Interpreter) => void,
  meant: (minor: number) => boolean = () => true,
): void {
  if (interpreters.length === 0)
    it(title, { skip: `no Python 3.${minors[0]} to 3.${minors.at(-1)} on PATH` }, () => {});
  for (const python of interpreters) {
    if (!meant(python.minor)) continue;
    describe(`${title} (Python ${python.version})`, { concurrency: 2, timeout: 220_000 }, () =>
      suite(python),
    );
  }
}
