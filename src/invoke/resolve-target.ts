import type { Catalog } from '../catalog/catalog.ts';
import { functionArn, type ServiceIdentity } from '../domain/arn.ts';
import { type FunctionTarget, functionNotFound, isVersionNumber } from '../domain/function-target.ts';
import { type FunctionVersion, inService } from '../domain/function-version.ts';
import { ServiceError } from '../domain/service-error.ts';

export interface TargetParts {
  readonly catalog: Pick<Catalog, 'aliases' | 'version'>;
  readonly identity: ServiceIdentity;
  /** Evenly spread over [0, 1). */
  readonly random: () => number;
}

/** The version that an invocation of a target runs, which for an alias may be another one each time. */
export interface ResolvedTarget {
  readonly version: FunctionVersion;
  /** As the caller used it: with a qualifier only where one was given. */
  readonly invokedFunctionArn: string;
}

/** @throws ServiceError where there is no such version, or it cannot be invoked now. */
export function resolveTarget(parts: TargetParts, target: FunctionTarget): ResolvedTarget {
  const { catalog, identity, random } = parts;
  const { functionName, qualifier = '$LATEST' } = target;
  const found = catalog.version(functionName, drawVersion(catalog, functionName, qualifier, random()));
  if (found === undefined) throw functionNotFound(identity, functionName, qualifier);
  const version = inService(found);
  refuseUnlessActive(version);
  return { version, invokedFunctionArn: functionArn(identity, functionName, target.qualifier) };
}

/** @param drawn of an alias that shares invocations out: what decides. @returns a qualifier. */
function drawVersion(
  { aliases }: TargetParts['catalog'],
  functionName: string,
  qualifier: string,
  drawn: number,
): string {
  if (qualifier === '$LATEST' || isVersionNumber(qualifier)) return qualifier;
  const alias = aliases.get(functionName, qualifier);
  let below = 0;
  for (const [version, weight] of Object.entries(alias?.RoutingConfig?.AdditionalVersionWeights ?? {})) {
    below += weight;
    if (drawn < below) return version;
  }
  return alias?.FunctionVersion ?? qualifier;
}

/** One that is being made, or never was, has nothing to run. */
function refuseUnlessActive({ configuration: { State } }: FunctionVersion): void {
  if (State === 'Active') return;
  throw new ServiceError(
    'ResourceConflictException',
    `The operation cannot be performed at this time. The function is currently in the following state: ${State}`,
  );
}
