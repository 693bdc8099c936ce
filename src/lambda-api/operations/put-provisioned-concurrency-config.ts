import { putProvisionedConcurrency } from '../../deploy/provisioned-concurrency.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type {
  PutProvisionedConcurrencyConfigRequest,
  PutProvisionedConcurrencyConfigResponse,
} from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const PutProvisionedConcurrencyConfig: Operation<
  PutProvisionedConcurrencyConfigRequest,
  PutProvisionedConcurrencyConfigResponse
> = {
  name: 'PutProvisionedConcurrencyConfig',
  authorise: onFunction('lambda:PutProvisionedConcurrencyConfig'),
  run(input, { service: { deployment } }) {
    const { functionName } = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    const { Qualifier, ProvisionedConcurrentExecutions } = input;
    return putProvisionedConcurrency(deployment, functionName, Qualifier, ProvisionedConcurrentExecutions);
  },
};
