import { codeSigningConfigArn } from '../domain/arn.ts';
import { functionNotFound, functionTarget } from '../domain/function-target.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Deployment } from './deployment.ts';

export type Tags = Readonly<Record<string, string>>;

/** The tags of a resource that is there. */
export interface Taggable {
  get(): Tags;
  put(tags: Tags): void;
}

/** @param arn of a function or of a code signing configuration. @throws ServiceError where it is not there. */
export function findTaggable(deployment: Deployment, arn: string): Taggable {
  const { catalog, identity } = deployment;
  if (arn.includes(':function:')) return functionTags(deployment, arn);
  const { codeSigning } = catalog;
  if (arn.startsWith(codeSigningConfigArn(identity, '')) && codeSigning.get(arn) !== undefined)
    return { get: () => codeSigning.tags(arn) ?? {}, put: (tags) => codeSigning.putTags(arn, tags) };
  throw new ServiceError('ResourceNotFoundException', `The resource you requested does not exist: ${arn}`);
}

function functionTags({ catalog, identity }: Deployment, arn: string): Taggable {
  const { functionName, qualifier } = functionTarget(identity, arn);
  if (qualifier !== undefined)
    throw new ServiceError(
      'InvalidParameterValueException',
      `Tags on function aliases and versions are not supported. Please specify a function ARN.`,
    );
  if (!catalog.functions.has(functionName)) throw functionNotFound(identity, functionName);
  return {
    get: () => catalog.tags.get(functionName) ?? {},
    put: (tags) => {
      if (Object.keys(tags).length === 0) catalog.tags.delete(functionName);
      else catalog.tags.put(functionName, tags);
    },
  };
}
