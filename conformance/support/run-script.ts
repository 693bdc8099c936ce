import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { functionCode } from './packages.ts';
import { expectStatus, runThaw } from './run-thaw.ts';

/** Arguments of a run whose function executes this bash script, as any function could. */
export function scriptArguments(script: string): string[] {
  return [functionCode('runs-script'), '--timeout', '30', '--event', JSON.stringify({ script })];
}

/** Lines that a bash script prints, on stdout or stderr, when a function executes it. */
export async function runScript(
  t: TestContext,
  script: string,
  args: readonly string[] = [],
): Promise<string[]> {
  const ended = await runThaw(t, [...scriptArguments(script), ...args]);
  expectStatus(ended, 0);
  assert.equal(ended.results.length, 1);
  return linesOf(ended.results[0]?.payload.output);
}

export function linesOf(output: string): string[] {
  return output.split('\n').filter((line) => line !== '');
}

/**
 * Bash: `probe HOST PORT …` prints `HOST PORT connected` or `HOST PORT out of reach` of each pair. What is to connect
 * may take its time on a busy machine: `patience=20 probe …`; by default it has a second.
 */
export const probe = `
probe() {
  while [ $# -gt 0 ]; do
    if timeout \${patience:-1} bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null; then echo "$1 $2 connected"; else echo "$1 $2 out of reach"; fi &
    shift 2
  done
  wait
}
`;
