import type { Fault } from './fault.ts';

/** One event on its way to a function. */
export interface Invocation {
  /** UUID; the same string in the Runtime API, the Extensions API and every platform event. */
  readonly requestId: string;
  /** Raw bytes, passed on unmodified. */
  readonly payload: Buffer;
  readonly contentType: string;
  /** ARN as the caller used it, qualifier included. */
  readonly invokedFunctionArn: string;
  /** X-Ray header value, `Root=…;Parent=…;Sampled=0|1`. Always present. */
  readonly traceId: string;
  /** JSON text, already base64-decoded. */
  readonly clientContext?: string;
  /** JSON text. */
  readonly cognitoIdentity?: string;
}

/** What the caller gets. */
export interface InvocationResult {
  readonly requestId: string;
  /** `ok`: the handler's answer; `function-error`: `X-Amz-Function-Error: Unhandled` and an error body. */
  readonly outcome: 'ok' | 'function-error';
  readonly payload: Buffer;
  readonly contentType: string;
  /** Set where the environment failed (timeout, crash, init); absent for an error the handler reported itself. */
  readonly fault?: Pick<Fault, 'type' | 'message'>;
  /** True when the runtime sent the response in streaming mode. */
  readonly streamed: boolean;
}
