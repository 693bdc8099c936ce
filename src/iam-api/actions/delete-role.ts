import type { Action } from '../action.ts';
import { roleArn, roleName } from '../named.ts';

export const deleteRole: Action = {
  name: 'DeleteRole',
  resource: roleArn,
  run(call) {
    call.identity.roles.delete(roleName(call));
    return undefined;
  },
};
