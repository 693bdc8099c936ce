import { deleteFunctionConcurrency } from '../../deploy/reserved-concurrency.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { DeleteFunctionConcurrencyRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const DeleteFunctionConcurrency: Operation<DeleteFunctionConcurrencyRequest, void> = {
  name: 'DeleteFunctionConcurrency',
  authorise: onFunction('lambda:DeleteFunctionConcurrency'),
  run(input, { service: { deployment } }) {
    deleteFunctionConcurrency(deployment, unqualifiedFunctionName(deployment.identity, input.FunctionName));
  },
};
