import { availableParallelism, totalmem } from 'node:os';
import { defaultConcurrentExecutions, environmentFootprintBytes, scheduling } from '../domain/limits.ts';

/** What the scheduler is bound to. Times in ms. */
export interface SchedulerTerms {
  /** Executions of the whole account at a time ("Concurrent executions"). */
  readonly concurrentExecutions: number;
  /** What the host's memory has room for, those that are being closed included. At least 1. */
  readonly maxEnvironments: number;
  /** Environments that do the work of starting at a time. At least 1. */
  readonly parallelStarts: number;
  /** After so long a start is taken to wait for something, rather than to work: others may start beside it. */
  readonly startSlotMs: number;
  /** An environment without an invocation for so long is shut down. */
  readonly idleTimeoutMs: number;
  /** Invocations that wait for an environment, of all functions. */
  readonly maxWaiting: number;
  /** No invocation waits longer for an environment. */
  readonly waitTimeoutMs: number;
  /**
   * Where the host is full: how long a function that has no environment waits before another one, which still has
   * invocations waiting, gives one up to it.
   */
  readonly turnMs: number;
  /** How long before its credentials expire an environment takes no more invocations, beside the function's timeout. */
  readonly expiryMarginMs: number;
}

/** Which concurrency is kept for which function; the catalog's. */
export interface Reservations {
  get(functionName: string): number | undefined;
  /** Of all functions together, those that are never invoked included. */
  total(): number;
}

/** For this host: as many environments as its memory is taken to hold, and a start for each core. */
export function hostTerms(): SchedulerTerms {
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const maxEnvironments = Math.min(
    defaultConcurrentExecutions,
    Math.floor(bytes / environmentFootprintBytes),
  );
  return {
    ...scheduling,
    concurrentExecutions: defaultConcurrentExecutions,
    maxEnvironments: Math.max(1, maxEnvironments),
    parallelStarts: availableParallelism(),
  };
}
