import type { Action } from '../action.ts';
import { roleArn, roleName } from '../named.ts';
import { pageMembers, pageRequest } from '../page-parameters.ts';

export const listRolePolicies: Action = {
  name: 'ListRolePolicies',
  resource: roleArn,
  run(call) {
    const page = call.identity.rolePolicies.list(roleName(call), pageRequest(call.parameters));
    return { PolicyNames: page.items, ...pageMembers(page) };
  },
};
