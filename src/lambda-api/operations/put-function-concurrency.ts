import { putFunctionConcurrency } from '../../deploy/reserved-concurrency.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { Concurrency, PutFunctionConcurrencyRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const PutFunctionConcurrency: Operation<PutFunctionConcurrencyRequest, Concurrency> = {
  name: 'PutFunctionConcurrency',
  authorise: onFunction('lambda:PutFunctionConcurrency'),
  run(input, { service: { deployment } }) {
    const { ReservedConcurrentExecutions } = input;
    putFunctionConcurrency(
      deployment,
      unqualifiedFunctionName(deployment.identity, input.FunctionName),
      ReservedConcurrentExecutions,
    );
    return { ReservedConcurrentExecutions };
  },
};
