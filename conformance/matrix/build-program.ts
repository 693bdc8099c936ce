import path from 'node:path';
import type { TestContext } from 'node:test';
import { runHostProgram } from '../support/host-program.ts';
import { packageDirectory } from '../support/packages.ts';
import { sourceOf } from './subject.ts';

/** Generous: with nothing compiled before, the Rust one takes minutes on a busy machine. */
const deadlineMs = 550_000;

/** A package with nothing but the program of this name, built by the source's `build.sh`. */
export async function buildProgram(
  t: TestContext,
  language: string,
  name: string,
  compiler: readonly string[],
): Promise<{ readonly code: string } | { readonly refusal: string }> {
  const asked = await runHostProgram(compiler).catch(() => undefined);
  if (asked?.status !== 0)
    return { refusal: `there is no ${compiler[0]} on PATH to compile the function with` };
  const code = packageDirectory(t);
  const build = ['sh', path.join(sourceOf(language), 'build.sh'), path.join(code, name)];
  const built = await runHostProgram(build, { deadlineMs });
  if (built.status !== 0) throw new Error(`${build.join(' ')} failed:\n${built.stderr}`);
  return { code };
}
