import { many, type PrincipalElement } from './document.ts';

/** Who asks, as principals in policies name it. */
export type Requester =
  | {
      readonly kind: 'aws';
      readonly accountId: string;
      /** Every ARN it goes by: its session's and its role's, or the account's root. */
      readonly arns: readonly string[];
    }
  /** One of AWS's services, `events.amazonaws.com`. */
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'anonymous' };

/**
 * Whether a Principal element names the requester. An account, or its root, names all of the account's identities;
 * as in AWS that denies to all of them, but grants to the root alone: to others it only leaves the decision to their
 * own policies.
 */
export function principalMatches(
  element: PrincipalElement | undefined,
  requester: Requester,
  effect: 'Allow' | 'Deny',
): boolean {
  if (element === undefined) return false;
  if (element === '*') return true;
  return Object.entries(element).some(([type, values]) =>
    many(values).some((value) => matchesOne(type, value, requester, effect)),
  );
}

function matchesOne(type: string, value: string, requester: Requester, effect: 'Allow' | 'Deny'): boolean {
  if (type === 'Service')
    return requester.kind === 'service' && (value === '*' || value === requester.service);
  if (type !== 'AWS') return false;
  if (value === '*') return true;
  if (requester.kind !== 'aws') return false;
  if (requester.arns.includes(value)) return true;
  const root = `arn:aws:iam::${requester.accountId}:root`;
  if (value !== requester.accountId && value !== root) return false;
  return effect === 'Deny' || requester.arns.includes(root);
}
