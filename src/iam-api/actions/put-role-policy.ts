import type { Action } from '../action.ts';
import { policyName, roleArn, roleName } from '../named.ts';
import { rules } from '../parameter-rules.ts';

export const putRolePolicy: Action = {
  name: 'PutRolePolicy',
  resource: roleArn,
  run(call) {
    const document = call.parameters.text('PolicyDocument', rules.document);
    call.identity.rolePolicies.put(roleName(call), policyName(call), document);
    return undefined;
  },
};
