import type { TimelineView } from '../timeline.ts';

export const sides = ['without', 'with'] as const;
/** Without the layers whose cost is asked for, and with them. */
export type Side = (typeof sides)[number];
export type BothSides<T> = Readonly<Record<Side, T>>;

/** One environment's start, up to the end of its first invocation; ms. */
export interface ColdStart {
  /** From the order to open the environment to the answer of its first invocation. */
  readonly coldStartMs: number;
  /** Begins with making the sandbox. */
  readonly extensionInitMs: number;
  readonly runtimeInitMs: number;
  readonly functionInitMs: number;
  /** Of the first invocation: from the order to the answer. */
  readonly answerMs: number;
  /** Init included. */
  readonly billedMs: number;
  /** By name of an extension: how long Init waited for it alone. */
  readonly aloneMs: ReadonlyMap<string, number>;
  /** Init and the first invocation. */
  readonly view: TimelineView;
}

/** One invocation of an environment that has had some before; ms. */
export interface WarmInvocation {
  /** From the order to the caller's answer, thawing included. */
  readonly answerMs: number;
  /** `platform.runtimeDone`: until the runtime asked for its next event. */
  readonly runtimeMs: number;
  /** From then until the last extension did; 0 where none was waited for. */
  readonly postRuntimeMs: number;
  readonly billedMs: number;
  /** By name of an extension: how long the invocation waited for it alone. */
  readonly aloneMs: ReadonlyMap<string, number>;
}

/** What was measured of one environment. */
export interface EnvironmentSample {
  readonly cold: ColdStart;
  readonly warm: readonly WarmInvocation[];
  /** High-water mark at the end of its last invocation. */
  readonly maxMemoryUsedMB: number;
}

/** Something that went wrong on one side. */
export interface Failure {
  /** `function`: it answered with an error; `environment`: Init, a crash, a timeout. */
  readonly kind: 'function' | 'environment';
  /** E.g. `Extension.Crash`. */
  readonly type: string;
  readonly message: string;
}

/** Everything a comparison measured. */
export interface Measurements {
  /** Only pairs in which nothing failed. */
  readonly pairs: readonly BothSides<EnvironmentSample>[];
  readonly failures: BothSides<readonly Failure[]>;
  /** Environments opened, failed ones included. */
  readonly coldStarts: BothSides<number>;
  /** Invocations given out, warm-up and failed ones included. */
  readonly invocations: BothSides<number>;
}
