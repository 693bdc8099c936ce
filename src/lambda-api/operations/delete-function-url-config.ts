import { deleteFunctionUrl } from '../../deploy/function-urls.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { DeleteFunctionUrlConfigRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunctionUrl } from '../permissions.ts';

export const DeleteFunctionUrlConfig: Operation<DeleteFunctionUrlConfigRequest, void> = {
  name: 'DeleteFunctionUrlConfig',
  authorise: onFunctionUrl('lambda:DeleteFunctionUrlConfig'),
  run(input, { service: { deployment } }) {
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    deleteFunctionUrl(deployment, target);
  },
};
