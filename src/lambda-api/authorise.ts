import type { Principal } from '../domain/principal.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { ConditionContext } from '../iam/condition-context.ts';
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
  if (identity.isAllowed(call.principal, action, resource, context, policy)) return;
  throw new ServiceError(
    'AccessDeniedException',
    `User: ${nameOf(call.principal)} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  );
}

function nameOf(principal: Principal): string {
  return principal.kind === 'anonymous' ? 'anonymous' : principal.arn;
}
