import type { Action } from '../action.ts';
import { policyArn } from '../named.ts';
import { policyXml } from '../policy-xml.ts';

export const getPolicy: Action = {
  name: 'GetPolicy',
  resource: policyArn,
  run(call) {
    return { Policy: policyXml(call.identity.managedPolicies.get(policyArn(call))) };
  },
};
