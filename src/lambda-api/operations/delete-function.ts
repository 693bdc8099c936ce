import { deleteFunction } from '../../deploy/delete-function.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { DeleteFunctionRequest, DeleteFunctionResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const DeleteFunction: Operation<DeleteFunctionRequest, DeleteFunctionResponse> = {
  name: 'DeleteFunction',
  authorise: onFunction('lambda:DeleteFunction'),
  run(input, { service: { deployment } }) {
    deleteFunction(deployment, functionTarget(deployment.identity, input.FunctionName, input.Qualifier));
    return { StatusCode: 204 };
  },
};
