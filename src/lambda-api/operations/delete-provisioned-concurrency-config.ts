import { deleteProvisionedConcurrency } from '../../deploy/provisioned-concurrency.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { DeleteProvisionedConcurrencyConfigRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const DeleteProvisionedConcurrencyConfig: Operation<DeleteProvisionedConcurrencyConfigRequest, void> =
  {
    name: 'DeleteProvisionedConcurrencyConfig',
    authorise: onFunction('lambda:DeleteProvisionedConcurrencyConfig'),
    run(input, { service: { deployment } }) {
      const { functionName } = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
      deleteProvisionedConcurrency(deployment, functionName, input.Qualifier);
    },
  };
