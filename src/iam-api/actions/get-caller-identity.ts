import type { Principal } from '../../domain/principal.ts';
import type { Action } from '../action.ts';

/** Everybody may ask who they are. */
export const getCallerIdentity: Action = {
  name: 'GetCallerIdentity',
  run({ identity, principal }) {
    const known = signed(principal);
    return { UserId: identity.userIdOf(known), Account: known.accountId, Arn: known.arn };
  },
};

function signed(principal: Principal): Exclude<Principal, { kind: 'anonymous' }> {
  if (principal.kind === 'anonymous') throw new Error('an unsigned request reached GetCallerIdentity');
  return principal;
}
