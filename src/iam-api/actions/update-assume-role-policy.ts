import type { Action } from '../action.ts';
import { roleArn, roleName } from '../named.ts';
import { rules } from '../parameter-rules.ts';

export const updateAssumeRolePolicy: Action = {
  name: 'UpdateAssumeRolePolicy',
  resource: roleArn,
  run(call) {
    const document = call.parameters.text('PolicyDocument', rules.document);
    call.identity.roles.updateTrustPolicy(roleName(call), document);
    return undefined;
  },
};
