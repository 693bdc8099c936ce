import type { ExitStatus } from '../domain/exit-status.ts';
import type { Fault } from '../domain/fault.ts';
import type { SubscriptionApi } from '../domain/story.ts';

/** Everything that can happen to an environment: asked by its owner, seen in its sandbox, said through an inner API, or due by the clock. */
export type Happening = Order | Sight | Call | { readonly type: 'deadline'; readonly timer: Timer };

type Order =
  | { readonly type: 'open' }
  | { readonly type: 'invoke'; readonly requestId: string; readonly traceId: string }
  | { readonly type: 'shutdown' }
  | { readonly type: 'kill' };

type Sight =
  /** The generation runs; `extensions` are the files found in `/opt/extensions`, sorted. */
  | { readonly type: 'booted'; readonly extensions: readonly string[] }
  | { readonly type: 'launchFailed'; readonly name: string; readonly code: string }
  | { readonly type: 'runtimeStartFailed'; readonly fault: Fault }
  | { readonly type: 'runtimeExited'; readonly status: ExitStatus }
  | { readonly type: 'extensionExited'; readonly name: string; readonly status: ExitStatus }
  /** The sandbox itself broke; nothing in it can be trusted to live. */
  | { readonly type: 'sandboxFailed'; readonly message: string }
  | { readonly type: 'generationEnded' };

export type Call =
  | {
      readonly type: 'register';
      readonly name: string;
      readonly events: readonly string[];
      /** The identifier to give if the registration is accepted. */
      readonly id: string;
    }
  /** `repolls`: the extension's earlier poll is gone from the wire, so this one takes its place. */
  | { readonly type: 'extensionNext'; readonly name: string; readonly repolls: boolean }
  | {
      readonly type: 'extensionInitError';
      readonly name: string;
      readonly errorType: string;
      readonly detail: string;
    }
  | {
      readonly type: 'extensionExitError';
      readonly name: string;
      readonly errorType: string;
      readonly detail: string;
    }
  | {
      readonly type: 'subscribe';
      readonly name: string;
      readonly api: SubscriptionApi;
      readonly types: readonly string[];
      /** The same as one made before: it changes nothing, and is not told again. */
      readonly repeated: boolean;
    }
  | { readonly type: 'runtimeNext' }
  /** The runtime says that its own start is over and the function's code is loaded next. */
  | { readonly type: 'functionInit' }
  /** Headers of an answer arrived; its body is still under way. */
  | { readonly type: 'answerBegun'; readonly requestId: string; readonly kind: 'response' | 'error' }
  /** `isError`: the handler failed, as the end of a streamed response may say. */
  | { readonly type: 'answerDone'; readonly bytes: number; readonly isError?: boolean }
  | { readonly type: 'answerFailed'; readonly fault: Fault }
  | { readonly type: 'runtimeInitError'; readonly fault: Fault };

export type Timer = 'init' | 'invoke' | 'runtimeStop' | 'shutdown';
export type HappeningType = Happening['type'];
