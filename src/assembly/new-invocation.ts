import { randomBytes, randomUUID } from 'node:crypto';
import { type EnvironmentSpec, functionArn } from '../domain/environment-spec.ts';
import type { Invocation } from '../domain/invocation.ts';

/** An invocation of this function with a request ID of its own; nothing happens before it is given to an environment. */
export function newInvocation(spec: EnvironmentSpec, payload: Buffer): Invocation {
  return {
    requestId: randomUUID(),
    payload,
    contentType: 'application/json',
    invokedFunctionArn: functionArn(spec),
    traceId: newTraceId(),
  };
}

/** An X-Ray trace header of an unsampled trace. */
function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}
