import { knownRuntimes } from '../domain/runtime-id.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** @throws ServiceError where no runtime has this identifier. */
export function checkRuntime(runtime: string): void {
  if (!knownRuntimes.includes(runtime))
    throw invalidParameter(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${knownRuntimes.join(', ')}] or be a valid ARN`,
    );
}
