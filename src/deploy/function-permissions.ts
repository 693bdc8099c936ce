import { functionArn } from '../domain/arn.ts';
import { type FunctionTarget, isVersionNumber } from '../domain/function-target.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Deployment } from './deployment.ts';
import { findLatest, refuseUnknownQualifier } from './find-version.ts';
import { type PermissionRequest, permissionStatement } from './permission-statement.ts';
import {
  noPolicy,
  policyView,
  refuseOtherPolicyRevision,
  withoutStatement,
  withStatement,
} from './policy-statements.ts';

/** To the policy of a function, or of the version or alias that the qualifier names. @throws ServiceError */
export function addPermission(
  deployment: Deployment,
  target: FunctionTarget,
  request: PermissionRequest & { readonly RevisionId?: string | undefined },
): { Statement: string } {
  const { catalog, identity } = deployment;
  const { functionName, qualifier } = target;
  return catalog.transaction(() => {
    findLatest(deployment, functionName);
    if (qualifier === '$LATEST')
      throw new ServiceError(
        'InvalidParameterValueException',
        'We currently do not support adding policies for $LATEST.',
      );
    if (qualifier !== undefined) refuseUnknownQualifier(deployment, functionName, qualifier);
    const statement = permissionStatement(request, functionArn(identity, functionName, qualifier));
    const policy = catalog.policies.get(functionName, qualifier);
    const revision = policy?.revisionId ?? resourceRevision(deployment, target);
    refuseOtherPolicyRevision(revision, request.RevisionId, 'GetPolicy');
    catalog.policies.put(functionName, withStatement(policy, statement), qualifier);
    return { Statement: JSON.stringify(statement) };
  });
}

/** Where there is no policy yet, callers know the revision of what it will be the policy of. */
function resourceRevision({ catalog }: Deployment, { functionName, qualifier }: FunctionTarget) {
  if (qualifier === undefined || isVersionNumber(qualifier))
    return catalog.version(functionName, qualifier)?.configuration.RevisionId;
  return catalog.aliases.get(functionName, qualifier)?.RevisionId;
}

/** @throws ServiceError */
export function removePermission(
  { catalog, identity }: Deployment,
  { functionName, qualifier }: FunctionTarget,
  statementId: string,
  expectedRevision: string | undefined,
): void {
  catalog.transaction(() => {
    if (!catalog.functions.has(functionName))
      throw new ServiceError(
        'ResourceNotFoundException',
        `No policy found for: ${functionArn(identity, functionName)}`,
      );
    const policy = qualifier === '$LATEST' ? undefined : catalog.policies.get(functionName, qualifier);
    if (policy === undefined) throw noPolicy();
    const next = withoutStatement(policy, statementId);
    refuseOtherPolicyRevision(policy.revisionId, expectedRevision, 'GetPolicy');
    if (next === undefined) catalog.policies.delete(functionName, qualifier);
    else catalog.policies.put(functionName, next, qualifier);
  });
}

/** @throws ServiceError where function or policy are not there. */
export function findPolicy(
  { catalog }: Deployment,
  { functionName, qualifier }: FunctionTarget,
): { Policy: string; RevisionId: string } {
  // The policy of a function is kept under $LATEST, which has none of its own.
  const policy = qualifier === '$LATEST' ? undefined : catalog.policies.get(functionName, qualifier);
  if (policy === undefined)
    throw new ServiceError('ResourceNotFoundException', 'The resource you requested does not exist.');
  return policyView(policy);
}
