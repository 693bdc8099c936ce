import type { TestContext } from 'node:test';
import { runHostProgram } from './host-program.ts';
import { runtimesHere } from './runtimes-here.ts';

/**
 * Arguments with which functions of a Ruby runtime run here: none where its own interpreter is there, else the map to
 * the Ruby of PATH. Without one the test is skipped, and undefined returned.
 */
export async function rubyArguments(t: TestContext, runtime: string): Promise<readonly string[] | undefined> {
  const { state, mend } = (await runtimesHere()).find((each) => each.runtime === runtime)!;
  if (state === 'runs') return [];
  const version = await hostRubyVersion();
  if (version !== undefined) return ['--runtime-map', `${runtime}=ruby${version.split('.', 2).join('.')}`];
  t.skip(mend ?? state);
  return undefined;
}

/** `3.1.7`: of the Ruby of PATH, where there is one. */
export async function hostRubyVersion(): Promise<string | undefined> {
  const script = 'print RUBY_VERSION';
  const asked = await runHostProgram(['ruby', '--disable-gems', '-e', script]).catch(() => undefined);
  return asked?.status === 0 ? asked.stdout : undefined;
}
