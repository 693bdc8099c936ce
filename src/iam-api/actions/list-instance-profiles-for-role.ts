import type { Action } from '../action.ts';
import { roleArn, roleName } from '../named.ts';

/** There are no instances here to have profiles; tools ask before they delete a role. */
export const listInstanceProfilesForRole: Action = {
  name: 'ListInstanceProfilesForRole',
  resource: roleArn,
  run(call) {
    call.identity.roles.get(roleName(call));
    return { InstanceProfiles: [], IsTruncated: false };
  },
};
