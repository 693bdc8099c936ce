import { eventInvokeConfigView, updateEventInvokeConfig } from '../../deploy/event-invoke-configs.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { FunctionEventInvokeConfig, UpdateFunctionEventInvokeConfigRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const UpdateFunctionEventInvokeConfig: Operation<
  UpdateFunctionEventInvokeConfigRequest,
  FunctionEventInvokeConfig
> = {
  name: 'UpdateFunctionEventInvokeConfig',
  authorise: onFunction('lambda:UpdateFunctionEventInvokeConfig'),
  run(input, { service: { deployment } }) {
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    return eventInvokeConfigView(deployment.identity, updateEventInvokeConfig(deployment, target, input));
  },
};
