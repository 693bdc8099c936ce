import { eventInvokeConfigView, putEventInvokeConfig } from '../../deploy/event-invoke-configs.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { FunctionEventInvokeConfig, PutFunctionEventInvokeConfigRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const PutFunctionEventInvokeConfig: Operation<
  PutFunctionEventInvokeConfigRequest,
  FunctionEventInvokeConfig
> = {
  name: 'PutFunctionEventInvokeConfig',
  authorise: onFunction('lambda:PutFunctionEventInvokeConfig'),
  run(input, { service: { deployment } }) {
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    return eventInvokeConfigView(deployment.identity, putEventInvokeConfig(deployment, target, input));
  },
};
