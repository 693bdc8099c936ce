import type { FunctionTarget } from '../domain/function-target.ts';

/** What a caller wants a function to be given. */
export interface InvokeRequest {
  /** UUID. */
  readonly requestId: string;
  readonly target: FunctionTarget;
  /** JSON; absent or empty stands for `{}`. */
  readonly payload?: Buffer | undefined;
  /** A JSON object in base64. Asynchronous invocations do not pass it on, as on Lambda. */
  readonly clientContext?: string | undefined;
  /** `X-Amzn-Trace-Id` of the caller. */
  readonly traceHeader?: string | undefined;
  /** Whether the end of the log is wanted with the answer, which then waits for the invocation's very end. */
  readonly wantsLogTail?: boolean;
  /** Aborted when the caller is gone: it is not waited for an environment any more. What runs goes on. */
  readonly signal?: AbortSignal;
}
