import type { Figure, FigureName } from './figures.ts';
import type { BothSides } from './samples.ts';
import type { Spread } from './spread.ts';

/** What was compared. */
export interface ComparisonSubject {
  readonly functionName: string;
  readonly runtime: string;
  readonly memoryMiB: number;
  /** As they were given, in order. */
  readonly layers: BothSides<readonly string[]>;
  /** Unzipped bytes of code and layers. */
  readonly packageBytes: BothSides<number>;
}

/** What `thaw compare --json` prints; fields are only ever added to a `format`. */
export interface ComparisonReport {
  readonly format: 1;
  readonly subject: ComparisonSubject;
  /** In words. */
  readonly summary: string;
  /** How sure one may be that all intervals together hold the true differences, 0 to 1. */
  readonly confidence: number;
  /** Pairs of environments in which nothing failed: what everything below was measured of. */
  readonly pairs: number;
  /** With fewer pairs nothing can be judged. */
  readonly fewestPairs: number;
  readonly sides: BothSides<SideReport>;
  readonly figures: readonly FigureReport[];
  readonly extensions: readonly ExtensionReport[];
}

export interface SideReport {
  /** Environments opened. */
  readonly coldStarts: number;
  /** Invocations given out, warm-up included. */
  readonly invocations: number;
  readonly functionErrors: number;
  readonly environmentFailures: number;
  /** The first of its failures. */
  readonly firstFailure?: { readonly type: string; readonly message: string };
}

/**
 * `more`, `less`: with the layers, beyond noise. `within-noise`: the interval holds 0. `too-few`: not enough pairs to tell.
 * `failed`: something failed on one side, so the sides did not do the same work.
 */
export type Verdict = 'more' | 'less' | 'within-noise' | 'too-few' | 'failed';

export interface FigureReport {
  readonly name: FigureName;
  readonly title: string;
  readonly group: Figure['group'];
  readonly unit: 'ms' | 'MB';
  /** Those that have it on both sides: what the difference is estimated from. */
  readonly pairs: number;
  /** Of all values measured. Absent where there is none. */
  readonly values?: BothSides<Spread>;
  /** With less without: Hodges and Lehmann's estimate over the pairs, and its interval. */
  readonly difference?: {
    readonly estimate: number;
    /** Of the median without; absent where that is 0. */
    readonly percent?: number;
    readonly interval?: { readonly low: number; readonly high: number };
  };
  readonly verdict: Verdict;
}

/** How long an extension alone was waited for, ms. A side that does not have it has no entry. */
export interface ExtensionReport {
  readonly name: string;
  /** Per cold start. */
  readonly init: Partial<BothSides<Spread>>;
  /** Per warm invocation. */
  readonly invocation: Partial<BothSides<Spread>>;
}
