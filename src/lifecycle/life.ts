import type { Fault } from '../domain/fault.ts';
import type { InitPhase, SubscriptionApi } from '../domain/story.ts';
import type { ExtensionState } from './extension-state.ts';
import type { RuntimeState } from './runtime-state.ts';

/**
 * Where an execution environment is in its life ("Understanding the Lambda execution environment lifecycle").
 * One variable says it; everything else in `Life` is what that phase works on.
 */
export const phases = [
  /** Nothing was started yet. */
  'New',
  /** Booting, then waiting for every external extension to register. */
  'ExtensionInit',
  /** The runtime was started; waiting for its first `next`. Function init is the later part of it. */
  'RuntimeInit',
  /** The runtime is ready; waiting for the first `next` of every registered extension. */
  'ExtensionsSettling',
  /** Initialised, frozen, free for an invocation. */
  'Idle',
  /** The event is out; waiting for the runtime's answer and then for its `next`. */
  'Invoking',
  /** The runtime is done; waiting for the `next` of every extension that subscribed to INVOKE. */
  'ExtensionsFinishing',
  /** Reset or shutdown: the runtime got SIGTERM. */
  'StoppingRuntime',
  /** Reset or shutdown: external extensions got SHUTDOWN. */
  'StoppingExtensions',
  /** Reset or shutdown: whatever is left is being killed. */
  'Killing',
  /** After a reset: no process lives; the next invocation starts with a suppressed init. */
  'Dormant',
  'Closed',
] as const;

export type Phase = (typeof phases)[number];

export interface Extension {
  readonly name: string;
  readonly kind: 'external' | 'internal';
  /** Empty until registered. */
  id: string;
  state: ExtensionState;
  events: readonly ExtensionEvent[];
  /** True from the process's exit on; an internal extension has no process of its own. */
  gone: boolean;
  /** SHUTDOWN is due, and is given at the next `next`. */
  shutdownDue: boolean;
  shutdownGiven: boolean;
  /** The one of the two subscription APIs it uses; the first blocks the other. */
  subscribedTo?: SubscriptionApi;
  errorType?: string;
}

export type ExtensionEvent = 'INVOKE' | 'SHUTDOWN';
export type ShutdownReason = 'spindown' | 'timeout' | 'failure';

/** The invocation under way. Times are epoch ms with a fraction. */
export interface Underway {
  readonly requestId: string;
  readonly traceId: string;
  readonly startedMs: number;
  readonly deadlineMs: number;
  started: boolean;
  deliveredMs?: number;
  firstByteMs?: number;
  lastByteMs?: number;
  producedBytes?: number;
  answered: boolean;
  /** When the runtime asked for its next event. */
  runtimeDoneMs?: number;
  runtimeDoneTold: boolean;
  /** When the last extension asked for its next event, or when the invocation failed. */
  extensionsDoneMs?: number;
  /** A response that went wrong without harm to the environment (too large, cut short). */
  mishap?: Fault;
}

export interface Life {
  /** What never changes. */
  readonly terms: Terms;
  phase: Phase;
  /** Counts boots; whatever belongs to an older generation is stale. */
  generation: number;
  runtime: { state: RuntimeState; process: 'none' | 'alive' | 'gone' };
  extensions: Map<string, Extension>;
  registrationOpen: boolean;
  /** Longer than registration: until Init is over. */
  subscriptionOpen: boolean;
  init?: { readonly phase: InitPhase; readonly startedMs: number; runtimeDoneTold: boolean };
  /** Length of the first, successful Init until a report has named it. */
  unreportedInitMs?: number;
  invocation?: Underway;
  /** The request id of the latest invocation; an answer to any other is for an unknown one. */
  lastRequestId?: string;
  /** The first fatal error of the running flow; later ones are ignored. */
  fault?: Fault;
  ending?: { why: 'reset' | 'shutdown'; readonly reason: ShutdownReason; readonly deadlineMs: number };
}

/** What a life is bound to from its beginning: the function's configuration and the platform's limits. */
export interface Terms {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly memorySizeMB: number;
  readonly logStreamName: string;
  /** Managed runtimes only: what INIT_START names. */
  readonly runtimeVersion?: { readonly name: string; readonly arn: string };
  readonly initTimeoutMs: number;
  readonly functionTimeoutMs: number;
  readonly maxExtensions: number;
  readonly shutdownBudgetMs: {
    readonly none: number;
    readonly internalOnly: number;
    readonly external: number;
    readonly runtimeShare: number;
  };
}

export function newLife(terms: Terms): Life {
  return {
    terms,
    phase: 'New',
    generation: 0,
    runtime: { state: 'Started', process: 'none' },
    extensions: new Map(),
    registrationOpen: false,
    subscriptionOpen: false,
  };
}

/** What the runtime's process is called beside extensions, which have names of files. */
export const runtimeProcess = '/runtime';

/** Whom the current phase waits for: names of extensions, or `runtimeProcess`. */
export function waitedFor(life: Life): string[] {
  const extensions = [...life.extensions.values()];
  const names = (filter: (extension: Extension) => boolean) =>
    extensions.filter(filter).map((extension) => extension.name);
  switch (life.phase) {
    case 'ExtensionInit':
      return names((extension) => extension.kind === 'external' && extension.state === 'Started');
    case 'RuntimeInit':
    case 'Invoking':
      return [runtimeProcess];
    case 'ExtensionsSettling':
      return names((extension) => extension.state !== 'Ready');
    case 'ExtensionsFinishing':
      return names((extension) => extension.events.includes('INVOKE') && extension.state !== 'Ready');
    case 'StoppingRuntime':
      return [runtimeProcess];
    case 'StoppingExtensions':
      return names(awaitedInShutdown);
    default:
      return [];
  }
}

/** External extensions that may use the shutdown budget: alive, subscribed, and not retired by an error of their own. */
export function awaitedInShutdown(extension: Extension): boolean {
  return (
    extension.kind === 'external' && !extension.gone && (extension.shutdownDue || extension.shutdownGiven)
  );
}
