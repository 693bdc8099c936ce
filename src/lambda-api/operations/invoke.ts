import { invokeRequest, unlessGone } from '../invoke-input.ts';
import type { InvocationRequest, InvocationResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const Invoke: Operation<InvocationRequest, InvocationResponse | undefined> = {
  name: 'Invoke',
  authorise: onFunction('lambda:InvokeFunction'),
  run(input, call) {
    const { invoker } = call.service;
    const request = invokeRequest(input, call);
    if (input.InvocationType === 'DryRun')
      return { StatusCode: 204, ExecutedVersion: invoker.check(request) };
    if (input.InvocationType === 'Event') {
      invoker.accept(request);
      return { StatusCode: 202 };
    }
    return unlessGone(call, async () => {
      const { result, executedVersion, logTail } = await invoker.invoke({ ...request, signal: call.signal });
      return {
        StatusCode: 200,
        ExecutedVersion: executedVersion,
        Payload: result.payload,
        ...(result.outcome === 'function-error' && { FunctionError: 'Unhandled' }),
        ...(logTail !== undefined && { LogResult: logTail.toString('base64') }),
      };
    });
  },
};
