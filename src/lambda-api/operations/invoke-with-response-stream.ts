import type { InvokeAnswer, StreamedAnswer } from '../../invoke/invoker.ts';
import { invokeRequest, unlessGone } from '../invoke-input.ts';
import type {
  InvokeWithResponseStreamCompleteEvent,
  InvokeWithResponseStreamRequest,
  InvokeWithResponseStreamResponse,
  InvokeWithResponseStreamResponseEvent,
} from '../model/shapes.ts';
import type { Call, Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const InvokeWithResponseStream: Operation<
  InvokeWithResponseStreamRequest,
  InvokeWithResponseStreamResponse | undefined
> = {
  name: 'InvokeWithResponseStream',
  authorise: onFunction('lambda:InvokeFunction'),
  run(input, call) {
    const { invoker } = call.service;
    const request = invokeRequest(input, call);
    if (input.InvocationType === 'DryRun')
      return { StatusCode: 204, ExecutedVersion: invoker.check(request) };
    return unlessGone(call, async () => {
      const answer = await invoker.stream({ ...request, signal: call.signal });
      return { StatusCode: 200, ExecutedVersion: answer.executedVersion, EventStream: events(answer, call) };
    });
  },
};

function events(
  { body, end }: StreamedAnswer,
  { signal }: Call,
): AsyncIterable<InvokeWithResponseStreamResponseEvent> {
  // Whether or not anybody has begun to read: what still comes is dropped.
  const drop = () => void body.destroy();
  signal.addEventListener('abort', drop);
  if (signal.aborted) drop();
  return (async function* () {
    try {
      for await (const chunk of body) yield { PayloadChunk: { Payload: chunk } };
      yield { InvokeComplete: completion(await end) };
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', drop);
      drop();
    }
  })();
}

function completion({ result, logTail }: InvokeAnswer): InvokeWithResponseStreamCompleteEvent {
  return {
    ...(result.outcome === 'function-error' && {
      ErrorCode: 'Unhandled',
      ErrorDetails: result.payload.toString('utf8'),
    }),
    ...(logTail !== undefined && { LogResult: logTail.toString('base64') }),
  };
}
