import type { ProvisionedConcurrency } from '../catalog/provisioned-concurrency.ts';
import { isVersionNumber } from '../domain/function-target.ts';
import { lambdaTime } from '../domain/lambda-time.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Deployment } from './deployment.ts';
import { refuseUnknownQualifier } from './find-version.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { provisionedExecutions, unreservedConcurrency, unreservedMinimum } from './reserved-concurrency.ts';

const reason =
  'Thaw keeps this configuration but starts no environments ahead of time: invocations start them when they need them. Nothing has to be done for invocations to work.';

/**
 * Kept with the status FAILED and a reason: no environment is started ahead of time, so READY would be untrue, and
 * IN_PROGRESS would keep deployment tools waiting for what never comes.
 *
 * @throws ServiceError
 */
export function putProvisionedConcurrency(
  deployment: Deployment,
  functionName: string,
  qualifier: string,
  executions: number,
): ProvisionedConcurrency {
  const { catalog, clock } = deployment;
  return catalog.transaction(() => {
    if (qualifier === '$LATEST') throw unpublished();
    refuseUnknownQualifier(deployment, functionName, qualifier);
    refuseOverlap(deployment, functionName, qualifier);
    refuseTooMany(deployment, functionName, qualifier, executions);
    const config: ProvisionedConcurrency = {
      RequestedProvisionedConcurrentExecutions: executions,
      AllocatedProvisionedConcurrentExecutions: 0,
      AvailableProvisionedConcurrentExecutions: 0,
      Status: 'FAILED',
      StatusReason: reason,
      LastModified: lambdaTime(clock()),
    };
    catalog.provisionedConcurrency.put(functionName, config, qualifier);
    return config;
  });
}

/** @throws ServiceError */
export function findProvisionedConcurrency(
  deployment: Deployment,
  functionName: string,
  qualifier: string,
): ProvisionedConcurrency {
  refuseLatest(qualifier);
  refuseUnknownQualifier(deployment, functionName, qualifier);
  const config = deployment.catalog.provisionedConcurrency.get(functionName, qualifier);
  if (config === undefined)
    throw new ServiceError(
      'ProvisionedConcurrencyConfigNotFoundException',
      'No Provisioned Concurrency Config found for this function',
    );
  return config;
}

/** One that is not there is deleted already. @throws ServiceError where version or alias are not there. */
export function deleteProvisionedConcurrency(
  deployment: Deployment,
  functionName: string,
  qualifier: string,
): void {
  refuseLatest(qualifier);
  deployment.catalog.transaction(() => {
    refuseUnknownQualifier(deployment, functionName, qualifier);
    deployment.catalog.provisionedConcurrency.delete(functionName, qualifier);
  });
}

/** A version is provisioned by itself or through one alias, never twice. */
function refuseOverlap({ catalog }: Deployment, functionName: string, qualifier: string): void {
  const configured = (other: string) => catalog.provisionedConcurrency.get(functionName, other) !== undefined;
  if (isVersionNumber(qualifier)) {
    if (catalog.aliases.namesOf(functionName, qualifier).some(configured))
      throw new ServiceError(
        'ResourceConflictException',
        'Version is pointed by a Provisioned Concurrency alias',
      );
    return;
  }
  const alias = catalog.aliases.get(functionName, qualifier);
  if (alias === undefined) return;
  if (alias.FunctionVersion === '$LATEST') throw unpublished();
  const versions = [
    alias.FunctionVersion,
    ...Object.keys(alias.RoutingConfig?.AdditionalVersionWeights ?? {}),
  ];
  if (versions.some(configured))
    throw new ServiceError(
      'ResourceConflictException',
      "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
    );
}

function refuseTooMany(
  deployment: Deployment,
  functionName: string,
  qualifier: string,
  executions: number,
): void {
  const total = executions + provisionedExecutions(deployment, functionName, qualifier);
  const reserved = deployment.catalog.reservedConcurrency.get(functionName);
  if (reserved !== undefined) {
    if (total > reserved)
      throw invalidParameter(
        'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
      );
    return;
  }
  const unreserved = unreservedConcurrency(deployment);
  if (total > unreserved)
    throw invalidParameter(
      `Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [${unreserved}].`,
    );
  const minimum = unreservedMinimum(deployment);
  if (unreserved - total < minimum)
    throw invalidParameter(
      `Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${minimum}].`,
    );
}

function refuseLatest(qualifier: string): void {
  if (qualifier === '$LATEST')
    throw invalidParameter('The function resource provided must be an alias or a published version.');
}

function unpublished(): ServiceError {
  return invalidParameter(
    'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
  );
}
