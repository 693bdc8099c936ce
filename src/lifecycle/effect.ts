import type { Fault } from '../domain/fault.ts';
import type { PlatformEvent, Report, StoryEvent } from '../domain/story.ts';
import type { Timer } from './happening.ts';
import type { ShutdownReason } from './life.ts';

/** What `environment/` has to carry out, in this order. */
export type Effect =
  /** Start a generation and list the extensions; then say `booted`. */
  | { readonly do: 'boot' }
  | { readonly do: 'launchExtensions'; readonly names: readonly string[] }
  | { readonly do: 'startRuntime' }
  /** Give the event to these extensions and to the runtime, at the same instant. */
  | { readonly do: 'deliverInvoke'; readonly extensions: readonly string[]; readonly deadlineMs: number }
  | {
      readonly do: 'deliverShutdown';
      readonly extension: string;
      readonly reason: ShutdownReason;
      readonly deadlineMs: number;
    }
  /** The caller gets its answer: what the runtime posted, or what the fault says. */
  | { readonly do: 'answer'; readonly requestId: string; readonly fault?: Fault }
  /** The invocation is over in every respect; the environment can take another. */
  | { readonly do: 'settle'; readonly requestId: string; readonly fault?: Fault }
  /** The Init that `open` asked for is over. */
  | { readonly do: 'initDone'; readonly fault?: Fault }
  | { readonly do: 'arm'; readonly timer: Timer; readonly atMs: number }
  | { readonly do: 'disarm'; readonly timer: Timer }
  | { readonly do: 'freeze' }
  | { readonly do: 'thaw' }
  /** To the process group of the runtime (`runtimeProcess`) or of an extension. */
  | { readonly do: 'signal'; readonly process: string; readonly signal: 'SIGTERM' | 'SIGKILL' }
  /** Kill everything; then say `generationEnded`. */
  | { readonly do: 'endGeneration' }
  | { readonly do: 'tell'; readonly event: Told }
  /** Find out why, in words, while the evidence is fresh. */
  | { readonly do: 'diagnose'; readonly fault: Fault }
  /** Say why an extension has to be killed at the end of the budget; `shutdownGiven`: its event was delivered, or is due. */
  | { readonly do: 'diagnoseOverdue'; readonly extension: string; readonly shutdownGiven: boolean }
  | { readonly do: 'close' };

/** A story event; a report still lacks the memory figure, which only the sandbox knows. */
export type Told =
  | Exclude<StoryEvent, Extract<PlatformEvent, { type: 'platform.report' }>>
  | { readonly timeMs: number; readonly type: 'platform.report'; readonly record: ReportDraft };

export type ReportDraft = Omit<Report, 'metrics'> & {
  readonly metrics: Omit<Report['metrics'], 'maxMemoryUsedMB'>;
};

/** What a call on an inner API is answered with. */
export type Reply =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'registered'; readonly id: string }
  /** A long poll: the event comes later. */
  | { readonly kind: 'wait' }
  /** The event that was delivered already. */
  | { readonly kind: 'eventAgain' }
  | Refusal;

export interface Refusal {
  readonly kind: 'refused';
  readonly status: 400 | 403;
  readonly errorType: string;
  readonly errorMessage: string;
}
