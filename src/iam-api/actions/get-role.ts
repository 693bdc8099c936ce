import type { Action } from '../action.ts';
import { roleArn, roleName } from '../named.ts';
import { roleXml } from '../role-xml.ts';

export const getRole: Action = {
  name: 'GetRole',
  resource: roleArn,
  run(call) {
    const role = call.identity.roles.get(roleName(call));
    return { Role: { ...roleXml(role), RoleLastUsed: {} } };
  },
};
