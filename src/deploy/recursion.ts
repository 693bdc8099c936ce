import { functionNotFound } from '../domain/function-target.ts';
import type { Deployment } from './deployment.ts';

/** Whether Lambda would end a loop of invocations through a function. */
export type RecursiveLoop = 'Allow' | 'Terminate';

/** Kept, without effect as yet: Thaw does not look for loops. @throws ServiceError where the function is not there. */
export function putRecursion(
  { catalog, identity }: Deployment,
  functionName: string,
  loop: RecursiveLoop,
): void {
  catalog.transaction(() => {
    if (!catalog.functions.has(functionName)) throw functionNotFound(identity, functionName);
    catalog.recursion.put(functionName, loop);
  });
}

/** `Terminate` where nothing was set. @throws ServiceError where the function is not there. */
export function findRecursion({ catalog, identity }: Deployment, functionName: string): RecursiveLoop {
  if (!catalog.functions.has(functionName)) throw functionNotFound(identity, functionName);
  return catalog.recursion.get(functionName) ?? 'Terminate';
}
