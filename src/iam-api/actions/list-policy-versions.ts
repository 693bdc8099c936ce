import type { Action } from '../action.ts';
import { policyArn } from '../named.ts';
import { policyVersionXml } from '../policy-xml.ts';

export const listPolicyVersions: Action = {
  name: 'ListPolicyVersions',
  resource: policyArn,
  run(call) {
    const policy = call.identity.managedPolicies.get(policyArn(call));
    return { Versions: [policyVersionXml(policy, false)], IsTruncated: false };
  },
};
