import type { Readable } from 'node:stream';
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
  /**
   * Takes a response in streaming mode as it arrives: called at its beginning, at most once. Without it, and for every
   * other response, the answer holds the whole.
   */
  readonly onStream?: (stream: ResponseStream) => void;
}

/** A response on its way. The runtime waits while nobody reads; once destroyed, the rest is dropped as it arrives. */
export interface ResponseStream {
  readonly contentType: string;
  /** Ends when nothing more comes, whether all of it came or not: that the answer says. */
  readonly body: Readable;
}

/** What the caller gets. */
export interface InvocationResult {
  readonly requestId: string;
  /** `ok`: the handler's answer; `function-error`: `X-Amz-Function-Error: Unhandled` and an error body. */
  readonly outcome: 'ok' | 'function-error';
  /** Empty where a response that is `ok` went to `onStream`. */
  readonly payload: Buffer;
  readonly contentType: string;
  /** Set where the environment failed (timeout, crash, init); absent for an error the handler reported itself. */
  readonly fault?: Pick<Fault, 'type' | 'message'>;
  /** True when the runtime sent the response in streaming mode. */
  readonly streamed: boolean;
}
