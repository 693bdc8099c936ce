import type { Action } from '../action.ts';
import { policyName, roleArn, roleName } from '../named.ts';

export const deleteRolePolicy: Action = {
  name: 'DeleteRolePolicy',
  resource: roleArn,
  run(call) {
    call.identity.rolePolicies.delete(roleName(call), policyName(call));
    return undefined;
  },
};
