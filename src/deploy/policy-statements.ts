import { type PolicyStatement, policyDocument, type ResourcePolicy } from '../catalog/resource-policy.ts';
import { maxPolicyLength } from '../domain/limits.ts';
import { ServiceError } from '../domain/service-error.ts';
import { newRevisionId } from './revision-id.ts';

/** @param policy undefined where there is none yet. @throws ServiceError where its id is taken, or the policy gets too long. */
export function withStatement(
  policy: ResourcePolicy | undefined,
  statement: PolicyStatement,
): ResourcePolicy {
  const statements = policy?.statements ?? [];
  if (statements.some(({ Sid }) => Sid === statement.Sid))
    throw new ServiceError(
      'ResourceConflictException',
      `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  const next = { revisionId: newRevisionId(), statements: [...statements, statement] };
  const { length } = JSON.stringify(policyDocument(next));
  if (length > maxPolicyLength)
    throw new ServiceError(
      'PolicyLengthExceededException',
      `The final policy size (${length}) is bigger than the limit (${maxPolicyLength}).`,
    );
  return next;
}

/** @returns undefined where nothing is left. @throws ServiceError where it is not there. */
export function withoutStatement(policy: ResourcePolicy, statementId: string): ResourcePolicy | undefined {
  const statements = policy.statements.filter(({ Sid }) => Sid !== statementId);
  if (statements.length === policy.statements.length)
    throw new ServiceError(
      'ResourceNotFoundException',
      `Statement ${statementId} is not found in resource policy.`,
    );
  return statements.length === 0 ? undefined : { revisionId: newRevisionId(), statements };
}

/** @param api that tells the latest revision. @throws ServiceError where the caller expects another one. */
export function refuseOtherPolicyRevision(
  current: string | undefined,
  expected: string | undefined,
  api: string,
): void {
  if (expected !== undefined && expected !== current)
    throw new ServiceError(
      'PreconditionFailedException',
      `The Revision Id provided does not match the latest Revision Id. Call the ${api} API to retrieve the latest Revision Id`,
    );
}

/** As `GetPolicy` and `GetLayerVersionPolicy` answer. */
export function policyView(policy: ResourcePolicy): { Policy: string; RevisionId: string } {
  return { Policy: JSON.stringify(policyDocument(policy)), RevisionId: policy.revisionId };
}

export function noPolicy(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'No policy is associated with the given resource.');
}
