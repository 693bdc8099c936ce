import { invokeRequest } from '../invoke-input.ts';
import type { InvokeAsyncRequest, InvokeAsyncResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

/** What `Invoke` with the type Event replaced. */
export const InvokeAsync: Operation<InvokeAsyncRequest, InvokeAsyncResponse> = {
  name: 'InvokeAsync',
  authorise: onFunction('lambda:InvokeAsync'),
  run({ FunctionName, InvokeArgs }, call) {
    call.service.invoker.accept(invokeRequest({ FunctionName, Payload: InvokeArgs }, call));
    return { Status: 202 };
  },
};
