import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type FunctionFiles, type RunningRuntime, runRuntime } from '../../testing/run-runtime.ts';
import type { Interpreter } from './interpreters.ts';

export interface FunctionUnderTest extends FunctionFiles {
  readonly python: Interpreter;
}

/** What a sandbox shows as `/var/runtime`. */
export const runtimeDir = join(dirname(import.meta.dirname), 'var-runtime');

export function runFunction(t: TestContext, { python, ...spec }: FunctionUnderTest): Promise<RunningRuntime> {
  const language = {
    command: [python.path, join(runtimeDir, 'bootstrap.py')],
    handler: 'app.handler',
    variables: () => ({
      // No such locale is needed, and none may be there.
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      PYTHONPATH: runtimeDir,
      // In a sandbox the runtime is read-only; here Python would write beside the sources.
      PYTHONDONTWRITEBYTECODE: '1',
      AWS_EXECUTION_ENV: `AWS_Lambda_python${python.version}`,
      LAMBDA_DISABLE_PREVIEW_WARN: '1',
    }),
  } as const;
  return runRuntime(t, language, spec);
}
