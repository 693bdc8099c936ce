import { eventInvokeConfigView, findEventInvokeConfig } from '../../deploy/event-invoke-configs.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { FunctionEventInvokeConfig, GetFunctionEventInvokeConfigRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const GetFunctionEventInvokeConfig: Operation<
  GetFunctionEventInvokeConfigRequest,
  FunctionEventInvokeConfig
> = {
  name: 'GetFunctionEventInvokeConfig',
  authorise: onFunction('lambda:GetFunctionEventInvokeConfig'),
  run(input, { service: { deployment } }) {
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    return eventInvokeConfigView(deployment.identity, findEventInvokeConfig(deployment, target));
  },
};
