import { findPolicy } from '../../deploy/function-permissions.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { GetPolicyRequest, GetPolicyResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const GetPolicy: Operation<GetPolicyRequest, GetPolicyResponse> = {
  name: 'GetPolicy',
  authorise: onFunction('lambda:GetPolicy'),
  run(input, { service: { deployment } }) {
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    return findPolicy(deployment, target);
  },
};
