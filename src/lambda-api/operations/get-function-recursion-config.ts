import { findRecursion } from '../../deploy/recursion.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type {
  GetFunctionRecursionConfigRequest,
  GetFunctionRecursionConfigResponse,
} from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const GetFunctionRecursionConfig: Operation<
  GetFunctionRecursionConfigRequest,
  GetFunctionRecursionConfigResponse
> = {
  name: 'GetFunctionRecursionConfig',
  authorise: onFunction('lambda:GetFunctionRecursionConfig'),
  run: (input, { service: { deployment } }) => ({
    RecursiveLoop: findRecursion(
      deployment,
      unqualifiedFunctionName(deployment.identity, input.FunctionName),
    ),
  }),
};
