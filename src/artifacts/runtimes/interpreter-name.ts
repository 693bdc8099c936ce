import { isRuntimeId, type RuntimeId, runtimeFacts } from '../../domain/runtime-id.ts';
import type { LanguageFamily } from './language.ts';

/**
 * Which interpreter: that of a runtime, or a version that no runtime of Lambda has, `ruby3.1` or `nodejs23` (there may
 * be no other on a host).
 */
export type InterpreterName = RuntimeId | `${LanguageFamily}${string}`;

export interface InterpreterVersion {
  readonly family: LanguageFamily;
  readonly version: string;
}

const form = /^(nodejs|python|ruby|java|dotnet)(\d+(?:\.\d+)?)$/;

/** Undefined for what is neither, and for runtimes that need no interpreter. */
export function interpreterVersion(name: string): InterpreterVersion | undefined {
  if (isRuntimeId(name)) {
    const { family, version } = runtimeFacts(name);
    return family === 'go' || family === 'provided' ? undefined : { family, version };
  }
  const [, family, version] = form.exec(name) ?? [];
  return version === undefined ? undefined : { family: family as LanguageFamily, version };
}
