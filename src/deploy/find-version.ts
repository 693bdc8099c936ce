import { functionArn } from '../domain/arn.ts';
import { type FunctionTarget, functionNotFound, isVersionNumber } from '../domain/function-target.ts';
import type { FunctionVersion } from '../domain/function-version.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Deployment } from './deployment.ts';

/** @throws ServiceError where there is no such function. */
export function findLatest({ catalog, identity }: Deployment, functionName: string): FunctionVersion {
  const latest = catalog.functions.latest(functionName);
  if (latest === undefined) throw functionNotFound(identity, functionName);
  return latest;
}

/**
 * `$LATEST` where no qualifier is given; of an alias, the version that it names first.
 *
 * @throws ServiceError where there is none.
 */
export function findVersion({ catalog, identity }: Deployment, target: FunctionTarget): FunctionVersion {
  const version = catalog.version(target.functionName, target.qualifier);
  if (version === undefined) throw functionNotFound(identity, target.functionName, target.qualifier);
  return version;
}

/** @throws ServiceError, with the text of operations on an alias or a version, where the qualifier is neither. */
export function refuseUnknownQualifier(
  deployment: Deployment,
  functionName: string,
  qualifier: string,
): void {
  const { catalog, identity } = deployment;
  if (catalog.version(functionName, qualifier) !== undefined) return;
  if (isVersionNumber(qualifier) || qualifier === '$LATEST')
    throw functionNotFound(identity, functionName, qualifier);
  throw new ServiceError(
    'ResourceNotFoundException',
    `Cannot find alias arn: ${functionArn(identity, functionName, qualifier)}`,
  );
}
