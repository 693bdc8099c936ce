import { putRecursion } from '../../deploy/recursion.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type {
  PutFunctionRecursionConfigRequest,
  PutFunctionRecursionConfigResponse,
} from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const PutFunctionRecursionConfig: Operation<
  PutFunctionRecursionConfigRequest,
  PutFunctionRecursionConfigResponse
> = {
  name: 'PutFunctionRecursionConfig',
  authorise: onFunction('lambda:PutFunctionRecursionConfig'),
  run(input, { service: { deployment } }) {
    const { RecursiveLoop } = input;
    putRecursion(deployment, unqualifiedFunctionName(deployment.identity, input.FunctionName), RecursiveLoop);
    return { RecursiveLoop };
  },
};
