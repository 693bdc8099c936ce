import { execFileSync } from 'node:child_process';
import { globSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

/** A Ruby to run the runtime with. */
export interface Interpreter {
  /** `3.1`. */
  readonly version: string;
  readonly path: string;
}

/** One of each version, as far as this host has them: on PATH, or installed by rbenv. No version is too odd. */
export const interpreters: readonly Interpreter[] = [
  ...new Map(programs().map((path) => [versionOf(path), path])),
].flatMap(([version, path]) => (version === undefined ? [] : [{ version, path }]));

function programs(): string[] {
  const onPath = (process.env.PATH ?? '').split(':').filter((directory) => !directory.endsWith('/shims'));
  const found = [
    ...onPath.flatMap((directory) =>
      globSync('{ruby,ruby[0-9].[0-9]}', { cwd: directory }).map((name) => join(directory, name)),
    ),
    ...globSync(join(homedir(), '.rbenv/versions/*/bin/ruby')),
  ];
  return [...new Set(found.map((file) => realpathSync(file)))];
}

function versionOf(program: string): string | undefined {
  try {
    const script = 'print RUBY_VERSION[/\\d+\\.\\d+/]';
    return execFileSync(program, ['--disable-gems', '-e', script], { encoding: 'utf8', timeout: 60_000 });
  } catch {
    return undefined;
  }
}

/** Declares one suite per interpreter. */
export function eachRuby(title: string, suite: (ruby: Interpreter) => void): void {
  if (interpreters.length === 0) it(title, { skip: 'there is no Ruby on PATH' }, () => {});
  for (const ruby of interpreters)
    describe(`${title} (Ruby ${ruby.version})`, { concurrency: 2, timeout: 220_000 }, () => suite(ruby));
}
