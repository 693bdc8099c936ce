import { Quantiles } from '../quantiles.ts';

/** Of the values seen so far, in their own unit. Without any there is only `count: 0, sum: 0`. */
export interface DistributionView {
  readonly count: number;
  readonly sum: number;
  readonly min?: number;
  readonly max?: number;
  /** Quantiles: at most 0.5 % off. The other figures are exact. */
  readonly p50?: number;
  readonly p90?: number;
  readonly p99?: number;
}

/** Any number of non-negative values in bounded memory. */
export class Distribution {
  readonly #quantiles = new Quantiles();
  #sum = 0;

  add(value: number): void {
    this.#quantiles.add(value);
    this.#sum += value;
  }

  view(): DistributionView {
    const { count, min, max } = this.#quantiles;
    const sum = rounded(this.#sum);
    if (count === 0) return { count, sum };
    const at = (share: number) => rounded(this.#quantiles.at(share)!);
    return { count, sum, min: rounded(min), max: rounded(max), p50: at(0.5), p90: at(0.9), p99: at(0.99) };
  }
}

/** What is told has three decimals at most; more are the residue of binary fractions. */
export function rounded(value: number): number {
  return Number(value.toFixed(6));
}
