import type { FunctionVersion } from '../domain/function-version.ts';
import type { Running } from '../environment/underway-invocation.ts';

/** An invocation that runs, alone in its environment until `running.settled`. */
export interface Lease {
  readonly environmentId: string;
  readonly logStreamName: string;
  /** What the environment was made from: newer than what was asked for where that was updated meanwhile. */
  readonly version: FunctionVersion;
  readonly running: Running;
}

export interface InvokeOptions {
  /** Aborted: it is not waited for any more. One that runs already goes on. */
  readonly signal?: AbortSignal;
}
