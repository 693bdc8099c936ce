import { maxEnvironmentVariableBytes } from '../domain/limits.ts';
import { reservedNames } from '../environment/variables.ts';
import { invalidParameter } from './invalid-parameter.ts';

const prefix =
  'Lambda was unable to configure your environment variables because the environment variables you have provided';

/** @throws ServiceError where a name is reserved, or all of them together are too large. */
export function checkVariables(variables: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(variables).filter((name) => reservedNames.has(name));
  if (reserved.length > 0)
    throw invalidParameter(
      `${prefix} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  const text = JSON.stringify(variables);
  if (Buffer.byteLength(text) > maxEnvironmentVariableBytes)
    throw invalidParameter(`${prefix} exceeded the 4KB limit. String measured: ${text}`);
}
