import { ServiceError } from '../domain/service-error.ts';
import type { ConditionContext } from '../iam/condition-context.ts';
import { denial } from '../iam/denial.ts';
import type { AccessControl } from './access-control.ts';
import type { Call, Operation } from './operation.ts';

/** @throws ServiceError AccessDeniedException, in AWS's words. */
export function authorise(
  identity: AccessControl,
  operation: Operation,
  input: unknown,
  call: Call,
  conditions: ConditionContext,
): void {
  if (operation.authorise === 'none') return;
  const wanted = operation.authorise(input, call);
  const { action, resource } = wanted;
  // The account may everything: its requests, every one of its Invokes among them, are spared reading the policy.
  const policy =
    call.principal.kind === 'account'
      ? undefined
      : (wanted.resourcePolicy ?? call.service.resourcePolicy(resource));
  const context = { ...conditions, ...wanted.context };
  const decision = identity.decide(call.principal, action, resource, context, policy);
  if (decision === 'allow') return;
  throw new ServiceError('AccessDeniedException', denial(call.principal, action, resource, decision));
}
