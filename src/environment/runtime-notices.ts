import { listExtensions } from '../artifacts/list-extensions.ts';
import { misplacedExtensions } from '../artifacts/misplaced-extensions.ts';
import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import type { MountPlan } from '../domain/mount-plan.ts';
import { hasExtensions, hasWrapper } from '../domain/runtime-id.ts';

const wrapperVariable = 'AWS_LAMBDA_EXEC_WRAPPER';

/** What the function asks for and does not get, as it would not on Lambda; but here it is said. */
export function runtimeNotices(
  { runtime, variables }: EnvironmentSpec,
  { mounts }: MountPlan,
): readonly string[] {
  const notices: string[] = [];
  const opt = mounts.find(({ target }) => target === '/opt');
  const extensions = opt === undefined ? [] : listExtensions(opt.sources);
  if (!hasExtensions(runtime) && extensions.length > 0)
    notices.push(
      `${runtime} has no extensions, on Lambda neither: ${extensions.join(', ')} in /opt/extensions ${extensions.length === 1 ? 'is' : 'are'} not started. Use a runtime that has them (for Go: provided.al2023)`,
    );
  for (const source of opt?.sources ?? []) {
    const misplaced = misplacedExtensions(source);
    if (misplaced.length > 0)
      notices.push(
        `a layer has ${misplaced.slice(0, 5).join(', ')} but no extensions/ at its top, so nothing of it is started: pack or give the directory that holds extensions/, not the one around or below it`,
      );
  }
  if (!hasWrapper(runtime) && variables[wrapperVariable] !== undefined)
    notices.push(
      `${runtime} has no wrapper scripts, on Lambda neither: ${wrapperVariable}=${variables[wrapperVariable]} is ignored`,
    );
  return notices;
}
