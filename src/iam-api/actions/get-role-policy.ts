import type { Action } from '../action.ts';
import { policyName, roleArn, roleName } from '../named.ts';
import { policyText } from '../texts.ts';

export const getRolePolicy: Action = {
  name: 'GetRolePolicy',
  resource: roleArn,
  run(call) {
    const [RoleName, PolicyName] = [roleName(call), policyName(call)];
    const document = call.identity.rolePolicies.get(RoleName, PolicyName);
    return { RoleName, PolicyName, PolicyDocument: policyText(document) };
  },
};
