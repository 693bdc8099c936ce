import { findLatest } from '../../deploy/find-version.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { GetFunctionConcurrencyRequest, GetFunctionConcurrencyResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const GetFunctionConcurrency: Operation<
  GetFunctionConcurrencyRequest,
  GetFunctionConcurrencyResponse
> = {
  name: 'GetFunctionConcurrency',
  authorise: onFunction('lambda:GetFunctionConcurrency'),
  run(input, { service: { deployment } }) {
    const { functionName } = findLatest(
      deployment,
      unqualifiedFunctionName(deployment.identity, input.FunctionName),
    );
    return { ReservedConcurrentExecutions: deployment.catalog.reservedConcurrency.get(functionName) };
  },
};
