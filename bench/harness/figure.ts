/** One measured quantity: ours, beside its floor where it has one. Samples of one unit, in the order measured. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'µs' | 'MiB' | 'KiB';
  readonly ours: readonly number[];
  readonly floor?: readonly number[];
  /** Absent: for information. */
  readonly target?: Target;
}

/** A promise about the medians (`docs/promises.md`). */
export type Target =
  | { readonly kind: 'ratio'; readonly atMost: number }
  /** Ours less the floor, in the figure's unit. */
  | { readonly kind: 'excess'; readonly atMost: number }
  | { readonly kind: 'value'; readonly atMost: number };

export interface Benchmark {
  /** As given to `--only`. */
  readonly name: string;
  readonly title: string;
  /** What is counted, and how: printed below the table. */
  readonly notes: readonly string[];
  run(progress: Progress): Promise<readonly Figure[]>;
}

export type Progress = (message: string) => void;

/** The value that `share` (0 to 1) of all samples do not exceed. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new Error('a figure without samples has no quantiles');
  return value;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);
