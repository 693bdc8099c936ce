import type { Action } from '../action.ts';
import { policyArn, roleArn, roleName } from '../named.ts';

export const attachRolePolicy: Action = {
  name: 'AttachRolePolicy',
  resource: roleArn,
  run(call) {
    call.identity.attachments.attach(roleName(call), policyArn(call));
    return undefined;
  },
};
