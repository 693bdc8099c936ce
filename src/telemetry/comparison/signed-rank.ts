/**
 * Wilcoxon's signed-rank statistics of paired differences. Nothing is assumed of how the values are distributed; only
 * that, where there is no difference but noise, one of -d is as likely as one of d, which alternating the order of a
 * pair sees to.
 */

export interface Shift {
  /** Hodges and Lehmann's estimate: the median of all pairwise means of the differences. */
  readonly estimate: number;
  /** The interval that holds the true shift but for `errorRate`; absent where there are too few pairs to say. */
  readonly interval?: { readonly low: number; readonly high: number };
}

/** `errorRate`: how often, of all such intervals, one may miss the true shift, 0 to 1. Exact, and conservative with ties. */
export function shiftOf(differences: readonly number[], errorRate: number): Shift {
  const means = pairwiseMeans(differences);
  const estimate = middleOf(means);
  const outside = tailSize(differences.length, errorRate / 2);
  if (outside === 0) return { estimate };
  return { estimate, interval: { low: means[outside - 1]!, high: means[means.length - outside]! } };
}

/** With fewer pairs, not even differences that all point one way are evidence enough. */
export function fewestPairs(errorRate: number): number {
  return Math.ceil(Math.log2(2 / errorRate));
}

/** Of every two differences, and of each with itself; ascending. */
function pairwiseMeans(differences: readonly number[]): Float64Array {
  const means = new Float64Array((differences.length * (differences.length + 1)) / 2);
  let at = 0;
  for (const [index, one] of differences.entries()) {
    for (const other of differences.slice(index)) means[at++] = (one + other) / 2;
  }
  return means.sort();
}

function middleOf(sorted: Float64Array): number {
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half];
  if (upper === undefined) throw new Error('no differences, no shift');
  return sorted.length % 2 === 1 ? upper : (sorted[half - 1]! + upper) / 2;
}

/** How many of the lowest values the statistic of `n` pairs takes with at most `probability` altogether. */
function tailSize(n: number, probability: number): number {
  const chances = rankSumChances(n);
  let size = 0;
  for (let sum = chances[0]!; sum <= probability; sum += chances[size]!) size += 1;
  return size;
}

/** The chance of each sum of the ranks 1 to n, where a coin decides for each rank whether it counts. */
function rankSumChances(n: number): Float64Array {
  const chances = new Float64Array((n * (n + 1)) / 2 + 1);
  chances[0] = 1;
  for (let rank = 1, top = 0; rank <= n; rank += 1) {
    top += rank;
    for (let sum = top; sum >= 0; sum -= 1) {
      chances[sum] = (chances[sum]! + (sum >= rank ? chances[sum - rank]! : 0)) / 2;
    }
  }
  return chances;
}
