/** Neighbouring buckets differ by 1 %, so that a quantile is at most 0.5 % off. */
const step = Math.log(1.01);
const smallest = 0.001;

/** Zero has one of its own, infinitely far below the others: its logarithm. */
function bucketOf(value: number): number {
  return value === 0 ? -Infinity : Math.floor(Math.log(Math.max(value, smallest)) / step);
}

/**
 * Quantiles of any number of non-negative values in bounded memory: a histogram with logarithmic buckets (about 2,100
 * between 0.001 and 1,000,000). Count, minimum and maximum are exact.
 */
export class Quantiles {
  readonly #buckets = new Map<number, number>();
  count = 0;
  min = Number.POSITIVE_INFINITY;
  max = 0;

  add(value: number): void {
    const bucket = bucketOf(value);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.count += 1;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
  }

  merge(other: Quantiles): void {
    for (const [bucket, count] of other.#buckets) {
      this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count);
    }
    this.count += other.count;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  /** The value that `share` (0 to 1) of all values do not exceed; undefined when there are none. */
  at(share: number): number | undefined {
    let rank = Math.max(1, Math.ceil(share * this.count));
    for (const bucket of [...this.#buckets.keys()].sort((a, b) => a - b)) {
      rank -= this.#buckets.get(bucket)!;
      if (rank <= 0) return Math.min(this.max, Math.max(this.min, Math.exp((bucket + 0.5) * step)));
    }
    return undefined;
  }
}
