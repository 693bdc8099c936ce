import { asyncBacklog } from '../../domain/limits.ts';

/** How asynchronous invocations are run ("How Lambda handles errors and retries with asynchronous invocation"). Times in ms. */
export interface QueueTerms {
  /** Before the second and the third attempt of an event on which the function failed. */
  readonly retryDelaysMs: readonly [number, number];
  /** While a function is throttled: from the first pause, doubled each time, to the longest. */
  readonly pauseMs: { readonly first: number; readonly longest: number };
  /** Attempts after the first, and the age at which an event is given up, where its function's configuration has none. */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeMs: number;
  /** Attempts at a time, of all functions. As many again may be begun for functions of which none runs. */
  readonly maxRunning: number;
  /** What is accepted and not finished, at most. */
  readonly backlog: { readonly [name in keyof typeof asyncBacklog]: number };
}

export const lambdaQueueTerms: QueueTerms = {
  retryDelaysMs: [60_000, 120_000],
  pauseMs: { first: 1000, longest: 300_000 },
  maximumRetryAttempts: 2,
  maximumEventAgeMs: 6 * 60 * 60 * 1000,
  maxRunning: 64,
  backlog: asyncBacklog,
};
