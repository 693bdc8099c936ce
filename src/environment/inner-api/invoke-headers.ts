import type { Invocation } from '../../domain/invocation.ts';

/** Of the event, as the runtime gets it. Empty headers are omitted, not sent as empty strings. */
export function invokeHeaders(invocation: Invocation, deadlineMs: number): Record<string, string | number> {
  return {
    'Content-Type': invocation.contentType,
    'Content-Length': invocation.payload.length,
    'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
    'Lambda-Runtime-Deadline-Ms': Math.floor(deadlineMs),
    'Lambda-Runtime-Invoked-Function-Arn': invocation.invokedFunctionArn,
    'Lambda-Runtime-Trace-Id': invocation.traceId,
    ...(invocation.clientContext && {
      'Lambda-Runtime-Client-Context': headerText(invocation.clientContext),
    }),
    ...(invocation.cognitoIdentity && {
      'Lambda-Runtime-Cognito-Identity': headerText(invocation.cognitoIdentity),
    }),
  };
}

/** Runtimes read header values as UTF-8; Node writes one byte a character. */
function headerText(text: string): string {
  return Buffer.from(text).toString('latin1');
}
