import type { Alias } from '../catalog/aliases.ts';
import { functionArn } from '../domain/arn.ts';
import { functionNotFound } from '../domain/function-target.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Deployment } from './deployment.ts';
import { refuseOtherRevision } from './function-state.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { newRevisionId } from './revision-id.ts';

export interface AliasRequest {
  readonly FunctionVersion?: string | undefined;
  readonly Description?: string | undefined;
  readonly RoutingConfig?:
    | { readonly AdditionalVersionWeights?: Readonly<Record<string, number>> | undefined }
    | undefined;
}

/** @throws ServiceError */
export function createAlias(
  deployment: Deployment,
  functionName: string,
  request: AliasRequest & { readonly Name: string; readonly FunctionVersion: string },
): Alias {
  const { catalog, identity } = deployment;
  return catalog.transaction(() => {
    const alias = aliasOf({
      AliasArn: functionArn(identity, functionName, request.Name),
      Name: request.Name,
      FunctionVersion: request.FunctionVersion,
      Description: request.Description ?? '',
      weights: request.RoutingConfig?.AdditionalVersionWeights,
    });
    checkRouting(deployment, functionName, alias);
    if (catalog.aliases.get(functionName, request.Name) !== undefined)
      throw new ServiceError('ResourceConflictException', `Alias already exists: ${alias.AliasArn}`);
    catalog.aliases.put(functionName, alias);
    return alias;
  });
}

/** What is not mentioned stays; an empty routing configuration takes the additional version away. @throws ServiceError */
export function updateAlias(
  deployment: Deployment,
  functionName: string,
  name: string,
  request: AliasRequest & { readonly RevisionId?: string | undefined },
): Alias {
  const { catalog, identity } = deployment;
  return catalog.transaction(() => {
    const current = catalog.aliases.get(functionName, name);
    const AliasArn = functionArn(identity, functionName, name);
    if (current === undefined)
      throw new ServiceError('ResourceNotFoundException', `Alias not found: ${AliasArn}`);
    refuseOtherRevision(current.RevisionId, request.RevisionId);
    const alias = aliasOf({
      AliasArn,
      Name: name,
      FunctionVersion: request.FunctionVersion ?? current.FunctionVersion,
      Description: request.Description ?? current.Description,
      weights: (request.RoutingConfig ?? current.RoutingConfig)?.AdditionalVersionWeights,
    });
    checkRouting(deployment, functionName, alias);
    catalog.aliases.put(functionName, alias);
    return alias;
  });
}

/** One that is not there is deleted already. @throws ServiceError where the function is not there. */
export function deleteAlias({ catalog, identity }: Deployment, functionName: string, name: string): void {
  catalog.transaction(() => {
    if (!catalog.functions.has(functionName)) throw functionNotFound(identity, functionName);
    if (catalog.aliases.delete(functionName, name)) catalog.forgetQualifier(functionName, name);
  });
}

/** @throws ServiceError */
export function findAlias({ catalog, identity }: Deployment, functionName: string, name: string): Alias {
  const alias = catalog.aliases.get(functionName, name);
  if (alias === undefined)
    throw new ServiceError(
      'ResourceNotFoundException',
      `Cannot find alias arn: ${functionArn(identity, functionName, name)}`,
    );
  return alias;
}

function aliasOf({
  weights = {},
  ...members
}: Omit<Alias, 'RevisionId' | 'RoutingConfig'> & {
  weights: Readonly<Record<string, number>> | undefined;
}): Alias {
  const isRouted = Object.keys(weights).length > 0;
  return {
    ...members,
    ...(isRouted && { RoutingConfig: { AdditionalVersionWeights: weights } }),
    RevisionId: newRevisionId(),
  };
}

function checkRouting({ catalog, identity }: Deployment, functionName: string, alias: Alias): void {
  const additional = Object.keys(alias.RoutingConfig?.AdditionalVersionWeights ?? {});
  const [other] = additional;
  if (additional.length > 1)
    throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  if (other === alias.FunctionVersion)
    throw invalidParameter(
      `Invalid function version ${other}. Function version ${other} is already included in routing configuration.`,
    );
  if (other !== undefined && alias.FunctionVersion === '$LATEST')
    throw invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
  for (const version of [alias.FunctionVersion, ...additional])
    if (catalog.versions.get(functionName, version) === undefined)
      throw functionNotFound(identity, functionName, version);
}
