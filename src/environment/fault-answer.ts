import type { Fault } from '../domain/fault.ts';
import type { Invocation, InvocationResult } from '../domain/invocation.ts';
import type { PostedAnswer } from './inner-api/posted-answer.ts';

/** What the runtime posted, for the caller, byte for byte. */
export function postedResult(invocation: Invocation, posted: PostedAnswer): InvocationResult {
  return {
    requestId: invocation.requestId,
    outcome: posted.kind === 'error' ? 'function-error' : 'ok',
    payload: posted.payload,
    contentType: posted.contentType,
    streamed: posted.streamed,
  };
}

/**
 * The platform's own error body, `{"errorType","errorMessage"}`, where the runtime gave none.
 *
 * @param diagnosis goes into it as well; only of faults of extensions.
 */
export function faultResult(
  invocation: Invocation,
  fault: Fault,
  diagnosis: readonly string[],
  initErrorBody?: PostedAnswer,
): InvocationResult {
  const { requestId } = invocation;
  const shown = { type: fault.type, message: fault.message };
  if (initErrorBody) {
    const { payload, contentType } = initErrorBody;
    return { requestId, outcome: 'function-error', payload, contentType, streamed: false, fault: shown };
  }
  const detail = diagnosis.length > 0 ? ` (${diagnosis.join('; ')})` : '';
  // This one fault is the function's own answer gone wrong, and has no request id in its text.
  const prefix = fault.type === 'Function.ResponseSizeTooLarge' ? '' : `RequestId: ${requestId} Error: `;
  const body = { errorType: fault.type, errorMessage: `${prefix}${fault.message}${detail}` };
  return {
    requestId,
    outcome: 'function-error',
    payload: Buffer.from(JSON.stringify(body)),
    contentType: 'application/json',
    streamed: false,
    fault: shown,
  };
}
