import type { ThrottleReason } from '../domain/service-error.ts';
import type { MemberState } from './entries.ts';
import type { Retirement } from './order.ts';

/** What observers are told as it happens. */
export type SchedulerEvent = {
  readonly functionName: string;
  /** `$LATEST` or a number. */
  readonly version: string;
} & (
  | { readonly type: 'throttled'; readonly reason: ThrottleReason }
  /** `waitedMs`: from its arrival; `isCold`: its environment was started for the occasion. */
  | {
      readonly type: 'invoked';
      readonly environmentId: string;
      readonly waitedMs: number;
      readonly isCold: boolean;
    }
  /** `faultType`: of an Init that failed; the next invocation tries again. */
  | {
      readonly type: 'started';
      readonly environmentId: string;
      readonly durationMs: number;
      readonly faultType?: string;
    }
  | { readonly type: 'startFailed'; readonly message: string }
  /** Begins to shut down. `environmentId`: absent where it was not made yet. */
  | { readonly type: 'retired'; readonly environmentId?: string; readonly why: Retirement }
);

/** Counts since the start, and what there is at this moment. */
export interface SchedulerFigures {
  readonly environments: Readonly<Record<MemberState, number>>;
  /** Invocations that wait for an environment. */
  readonly waiting: number;
  /** Invocations without an answer, by function; of those that have any. */
  readonly concurrentExecutions: ReadonlyMap<string, number>;
  /** Of these, those that no reservation covers. */
  readonly unreservedConcurrentExecutions: number;
  readonly invocations: number;
  readonly coldStarts: number;
  readonly throttles: number;
  readonly failedStarts: number;
}

/** One environment, for those who want to see it. */
export interface LiveEnvironment {
  readonly functionName: string;
  readonly version: string;
  readonly state: MemberState;
  /** Absent while it is being made. */
  readonly id?: string;
  readonly logStreamName?: string;
  /** Epoch ms. */
  readonly startedMs: number;
  /** Epoch ms; only of idle ones. */
  readonly idleSinceMs?: number;
  readonly invocations: number;
  /** Of the invocation it is at work on. */
  readonly requestId?: string;
}
