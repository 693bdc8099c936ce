import { type Figure, median, quantile } from './figure.ts';

/** A figure boiled down to what is printed. */
export interface Judgement {
  readonly name: string;
  readonly unit: Figure['unit'];
  readonly samples: number;
  readonly p50: number;
  readonly p90: number;
  readonly floor?: {
    readonly p50: number;
    readonly p90: number;
    readonly ratio: number;
    readonly excess: number;
  };
  readonly target?: Figure['target'];
  /** Undefined without a target. */
  readonly met?: boolean;
}

export function judge({ name, unit, ours, floor, target }: Figure): Judgement {
  const p50 = median(ours);
  const below = floor && { p50: median(floor), p90: quantile(floor, 0.9) };
  const beside = below && { ...below, ratio: p50 / below.p50, excess: p50 - below.p50 };
  const compared = target && { value: p50, ratio: beside?.ratio, excess: beside?.excess }[target.kind];
  if (target && compared === undefined)
    throw new Error(`${name} has a ${target.kind} for a target and no floor`);
  return {
    name,
    unit,
    samples: ours.length,
    p50,
    p90: quantile(ours, 0.9),
    ...(beside && { floor: beside }),
    ...(target && { target, met: compared! <= target.atMost }),
  };
}
