import type { Action } from '../action.ts';
import { policyArn } from '../named.ts';

export const deletePolicy: Action = {
  name: 'DeletePolicy',
  resource: policyArn,
  run(call) {
    call.identity.managedPolicies.delete(policyArn(call));
    return undefined;
  },
};
