import type { Principal } from '../domain/principal.ts';
import type { Decision } from './policy/evaluate.ts';

/** Why a principal may not do something, in AWS's words. @param decision any but `allow`. */
export function denial(
  principal: Principal,
  action: string,
  resource: string,
  decision: Exclude<Decision, 'allow'>,
): string {
  const who = principal.kind === 'anonymous' ? 'anonymous' : principal.arn;
  const why =
    decision === 'explicit-deny'
      ? 'with an explicit deny'
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
}
