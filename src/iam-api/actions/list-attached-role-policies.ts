import type { Action } from '../action.ts';
import { roleArn, roleName } from '../named.ts';
import { pageMembers, pageRequest } from '../page-parameters.ts';
import { rules } from '../parameter-rules.ts';

export const listAttachedRolePolicies: Action = {
  name: 'ListAttachedRolePolicies',
  resource: roleArn,
  run(call) {
    const { identity, parameters } = call;
    const pathPrefix = parameters.optionalText('PathPrefix', rules.pathPrefix) ?? '/';
    const page = identity.attachments.list(roleName(call), pathPrefix, pageRequest(parameters));
    return {
      AttachedPolicies: page.items.map(({ policyName, policyArn }) => ({
        PolicyName: policyName,
        PolicyArn: policyArn,
      })),
      ...pageMembers(page),
    };
  },
};
