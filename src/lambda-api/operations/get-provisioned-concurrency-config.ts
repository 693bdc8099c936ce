import { findProvisionedConcurrency } from '../../deploy/provisioned-concurrency.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type {
  GetProvisionedConcurrencyConfigRequest,
  GetProvisionedConcurrencyConfigResponse,
} from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const GetProvisionedConcurrencyConfig: Operation<
  GetProvisionedConcurrencyConfigRequest,
  GetProvisionedConcurrencyConfigResponse
> = {
  name: 'GetProvisionedConcurrencyConfig',
  authorise: onFunction('lambda:GetProvisionedConcurrencyConfig'),
  run(input, { service: { deployment } }) {
    const { functionName } = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    return findProvisionedConcurrency(deployment, functionName, input.Qualifier);
  },
};
