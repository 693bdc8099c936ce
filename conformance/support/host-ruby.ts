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
  const script = 'print RUBY_VERSION[/\\d+\\.\\d+/]';
  const asked = await runHostProgram(['ruby', '--disable-gems', '-e', script]).catch(() => undefined);
  if (asked?.status === 0) return ['--runtime-map', `${runtime}=ruby${asked.stdout}`];
  t.skip(mend ?? state);
  return undefined;
}
