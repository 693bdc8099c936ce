/** An asynchronous invocation that was accepted and is not finished. */
export interface QueuedEvent {
  /** Counts up in the order of acceptance. */
  readonly sequence: number;
  /** The same for each attempt. */
  readonly requestId: string;
  readonly functionName: string;
  readonly qualifier?: string;
  readonly traceId: string;
  /** Bytes of its payload. */
  readonly size: number;
  /** Epoch milliseconds. */
  readonly acceptedMs: number;
  /** When it may run, epoch milliseconds. */
  readonly dueMs: number;
  /** How often the function has failed on it. */
  readonly failures: number;
}

/** Why an event is given up; AWS's words where it has any. */
export type DiscardCondition =
  | 'RetriesExhausted'
  | 'EventAgeExceeded'
  | 'ZeroReservedConcurrency'
  /** The function, version or alias is no more. */
  | 'FunctionNotFound';

/** What came of one attempt. */
export type AttemptOutcome =
  | { readonly type: 'succeeded' }
  /** The function's own error, a timeout, a crash: it counts as one of the attempts it has. */
  | { readonly type: 'failed'; readonly message: string }
  /** Nothing the event can do for: throttled, or the service failed. It is tried again until it is too old. */
  | { readonly type: 'hindered'; readonly message: string }
  | { readonly type: 'pointless'; readonly condition: DiscardCondition; readonly message: string };
