import type { TestContext } from 'node:test';
import { runHostProgram } from './host-program.ts';

export interface RuntimeState {
  readonly runtime: string;
  readonly state: 'runs' | 'installable' | 'missing' | 'unsupported';
  readonly extensions: boolean;
  readonly wrapper: boolean;
  readonly interpreter?: { readonly program: string; readonly version: string; readonly origin: string };
  readonly runsAs?: string;
  readonly why?: string;
  readonly mend?: string;
}

let told: Promise<readonly RuntimeState[]> | undefined;

/** What `thaw runtimes` says of this host. */
export function runtimesHere(): Promise<readonly RuntimeState[]> {
  told ??= runHostProgram(['bin/thaw', 'runtimes', '--json']).then(({ stdout }) => JSON.parse(stdout));
  return told;
}

/** The first of these runtimes that has an interpreter here; without any the test is skipped, and undefined returned. */
export async function oneThatRuns(t: TestContext, runtimes: readonly string[]): Promise<string | undefined> {
  const states = await runtimesHere();
  const found = runtimes.find((id) =>
    states.some(({ runtime, state }) => runtime === id && state === 'runs'),
  );
  if (found === undefined) t.skip(`there is no interpreter for any of ${runtimes.join(', ')}`);
  return found;
}
