import type { Action } from '../action.ts';
import { policyArn, roleArn, roleName } from '../named.ts';

export const detachRolePolicy: Action = {
  name: 'DetachRolePolicy',
  resource: roleArn,
  run(call) {
    call.identity.attachments.detach(roleName(call), policyArn(call));
    return undefined;
  },
};
