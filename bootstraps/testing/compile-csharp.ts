import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';

/** Why nothing can be compiled here; undefined where it can. */
export function missingCSharpCompiler(): string | undefined {
  return spawnSync('mcs', ['--version']).error === undefined
    ? undefined
    : 'there is no mcs to compile functions with (Debian: mono-mcs)';
}

/**
 * Compiles an assembly with Mono's compiler against .NET Core's own ones.
 *
 * @param framework the directory of these.
 * @param output of a library `.dll`; a program's ends in `.dll` too, and has a `Main`.
 * @throws Error with what the compiler says.
 */
export function compileCSharp(
  framework: string,
  output: string,
  {
    sources,
    libraries = [],
    isProgram = false,
  }: {
    readonly sources: readonly string[];
    readonly libraries?: readonly string[];
    readonly isProgram?: boolean;
  },
): void {
  // Those for Windows refer to what is not there.
  const ofDotnet = globSync('System*.dll', { cwd: framework }).filter((name) => !name.includes('Windows'));
  const references = [...ofDotnet.map((name) => join(framework, name)), ...libraries];
  const options = ['-nologo', '-nostdlib', '-noconfig', `-target:${isProgram ? 'exe' : 'library'}`];
  const args = [...options, `-out:${output}`, ...references.map((file) => `-r:${file}`), ...sources];
  const { status, stdout, stderr, error } = spawnSync('mcs', args, { encoding: 'utf8', timeout: 60_000 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`mcs ${sources.join(' ')}:\n${stdout}${stderr}`);
}
