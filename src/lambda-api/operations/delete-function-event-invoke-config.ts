import { deleteEventInvokeConfig } from '../../deploy/event-invoke-configs.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { DeleteFunctionEventInvokeConfigRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const DeleteFunctionEventInvokeConfig: Operation<DeleteFunctionEventInvokeConfigRequest, void> = {
  name: 'DeleteFunctionEventInvokeConfig',
  authorise: onFunction('lambda:DeleteFunctionEventInvokeConfig'),
  run(input, { service: { deployment } }) {
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    deleteEventInvokeConfig(deployment, target);
  },
};
