import { randomUUID } from 'node:crypto';
import { type EnvironmentSpec, functionArn } from '../domain/environment-spec.ts';
import type { Invocation } from '../domain/invocation.ts';
import { newTraceId } from './trace-id.ts';

/** An invocation of this function with a request ID of its own; nothing happens before it is given to an environment. */
export function newInvocation(spec: EnvironmentSpec, payload: Buffer): Invocation {
  return {
    requestId: randomUUID(),
    payload,
    contentType: 'application/json',
    invokedFunctionArn: functionArn(spec),
    traceId: newTraceId(Date.now()),
  };
}
