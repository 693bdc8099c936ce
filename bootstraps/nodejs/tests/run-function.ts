import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type FunctionFiles, type RunningRuntime, runRuntime } from '../../testing/run-runtime.ts';
import type { Interpreter } from './interpreters.ts';

export interface FunctionUnderTest extends FunctionFiles {
  readonly node: Interpreter;
}

/** What a sandbox shows as `/var/runtime`. */
export const runtimeDir = join(dirname(import.meta.dirname), 'var-runtime');

export function runFunction(t: TestContext, { node, ...spec }: FunctionUnderTest): Promise<RunningRuntime> {
  return runRuntime(
    t,
    { command: [node.path, join(runtimeDir, 'index.js')], handler: 'index.handler' },
    spec,
  );
}
