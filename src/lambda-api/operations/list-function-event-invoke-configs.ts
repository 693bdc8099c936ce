import { eventInvokeConfigView, listEventInvokeConfigs } from '../../deploy/event-invoke-configs.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type {
  ListFunctionEventInvokeConfigsRequest,
  ListFunctionEventInvokeConfigsResponse,
} from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { pageRequest } from '../page-request.ts';
import { onFunction } from '../permissions.ts';

export const ListFunctionEventInvokeConfigs: Operation<
  ListFunctionEventInvokeConfigsRequest,
  ListFunctionEventInvokeConfigsResponse
> = {
  name: 'ListFunctionEventInvokeConfigs',
  authorise: onFunction('lambda:ListFunctionEventInvokeConfigs'),
  run(input, { service: { deployment } }) {
    const functionName = unqualifiedFunctionName(deployment.identity, input.FunctionName);
    const { items, nextMarker } = listEventInvokeConfigs(deployment, functionName, pageRequest(input));
    return {
      NextMarker: nextMarker,
      FunctionEventInvokeConfigs: items.map((config) => eventInvokeConfigView(deployment.identity, config)),
    };
  },
};
