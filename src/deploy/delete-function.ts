import { type FunctionTarget, functionNotFound, isVersionNumber } from '../domain/function-target.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Deployment } from './deployment.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** A whole function, or one published version of it. @throws ServiceError */
export function deleteFunction({ catalog, identity }: Deployment, target: FunctionTarget): void {
  const { functionName, qualifier } = target;
  if (qualifier === '$LATEST')
    throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
  if (qualifier !== undefined && !isVersionNumber(qualifier))
    throw invalidParameter('Deletion of aliases is not currently supported.');
  catalog.transaction(() => {
    if (!catalog.functions.has(functionName)) throw functionNotFound(identity, functionName);
    if (qualifier === undefined) {
      catalog.functions.delete(functionName);
      return;
    }
    const aliases = catalog.aliases.namesOf(functionName, qualifier);
    if (aliases.length > 0)
      throw new ServiceError(
        'ResourceConflictException',
        `Unable to delete version because the following aliases reference it: [${aliases.join(', ')}]`,
      );
    if (!catalog.versions.delete(functionName, qualifier))
      throw functionNotFound(identity, functionName, qualifier);
    catalog.forgetQualifier(functionName, qualifier);
  });
}
