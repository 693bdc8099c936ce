import { functionNotFound } from '../domain/function-target.ts';
import { minUnreservedConcurrency } from '../domain/limits.ts';
import type { Deployment } from './deployment.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** @throws ServiceError where others would be left with too little, or the function with less than is provisioned. */
export function putFunctionConcurrency(
  deployment: Deployment,
  functionName: string,
  executions: number,
): void {
  const { catalog, identity } = deployment;
  catalog.transaction(() => {
    if (!catalog.functions.has(functionName)) throw functionNotFound(identity, functionName, '$LATEST');
    const provisioned = provisionedExecutions(deployment, functionName);
    if (executions < provisioned)
      throw invalidParameter(
        `ReservedConcurrentExecutions  ${executions} should not be lower than function's total provisioned concurrency [${provisioned}].`,
      );
    const others = catalog.reservedConcurrency.total() - (catalog.reservedConcurrency.get(functionName) ?? 0);
    const minimum = unreservedMinimum(deployment);
    // 0 takes nothing from others, however little is left.
    if (executions > 0 && deployment.quotas.concurrentExecutions - others - executions < minimum)
      throw invalidParameter(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${minimum}].`,
      );
    catalog.reservedConcurrency.put(functionName, executions);
  });
}

/** @throws ServiceError where the function is not there. */
export function deleteFunctionConcurrency({ catalog, identity }: Deployment, functionName: string): void {
  catalog.transaction(() => {
    if (!catalog.functions.has(functionName)) throw functionNotFound(identity, functionName);
    catalog.reservedConcurrency.delete(functionName);
  });
}

/** What is left of the account's concurrency for functions that have none reserved. */
export function unreservedConcurrency({ catalog, quotas }: Deployment): number {
  return Math.max(quotas.concurrentExecutions - catalog.reservedConcurrency.total(), 0);
}

/** An account with a small quota need not leave more than all of it. */
export function unreservedMinimum({ quotas }: Deployment): number {
  return Math.min(minUnreservedConcurrency, quotas.concurrentExecutions);
}

/** Of all versions and aliases of a function, but for one. */
export function provisionedExecutions(
  { catalog }: Deployment,
  functionName: string,
  except?: string,
): number {
  return catalog.provisionedConcurrency
    .of(functionName)
    .filter(({ qualifier }) => qualifier !== except)
    .reduce((sum, { document }) => sum + document.RequestedProvisionedConcurrentExecutions, 0);
}
