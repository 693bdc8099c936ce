import {
  type BothSides,
  type EnvironmentSample,
  type Failure,
  type Measurements,
  type Side,
  sides,
} from '../telemetry/comparison/samples.ts';
import { ComparedEnvironment } from './compared-environment.ts';
import type { EnvironmentGround } from './environment-ground.ts';
import type { PreparedFunction } from './prepare-function.ts';

export interface SeriesPlan {
  /** Pairs of environments. */
  readonly coldPairs: number;
  /** Warm invocations that count, per side, shared out evenly among the pairs. */
  readonly warmInvocations: number;
  readonly event: Buffer;
  readonly onProgress: (progress: SeriesProgress) => void;
  /** What an environment finds out about itself, in plain words. */
  readonly onFinding: (side: Side, message: string) => void;
}

/** What is behind, of each side. */
export interface SeriesProgress {
  readonly pairs: number;
  readonly warmInvocations: number;
}

/** A pair before the first that does not count: it finds files on the disk that all others find in memory. */
const rehearsal = -1;
/** Per environment, beside its first: what is compiled and loaded by need is, by then, for the most part. */
const warmUpInvocations = 3;
/** Where one side fails as often as this, nothing will come of the rest. */
const patience = 3;

/**
 * Runs two functions in turns, so that whatever else the machine does meets both alike: a pair is one environment of
 * each, started one after the other, the other one first in every other pair; then both are invoked in turns, one
 * frozen while the other runs; then both end.
 */
export class ComparisonSeries {
  readonly #ground: EnvironmentGround;
  readonly #prepared: BothSides<PreparedFunction>;
  readonly #plan: SeriesPlan;
  readonly #live = new Set<ComparedEnvironment>();
  readonly #pairs: BothSides<EnvironmentSample>[] = [];
  readonly #failures: Record<Side, Failure[]> = { without: [], with: [] };
  readonly #coldStarts = { without: 0, with: 0 };
  readonly #invocations = { without: 0, with: 0 };
  #warmInvocations = 0;
  #interrupts = 0;

  constructor(ground: EnvironmentGround, prepared: BothSides<PreparedFunction>, plan: SeriesPlan) {
    this.#ground = ground;
    this.#prepared = prepared;
    this.#plan = plan;
  }

  async run(): Promise<Measurements | undefined> {
    const { coldPairs, onProgress } = this.#plan;
    onProgress({ pairs: 0, warmInvocations: 0 });
    for (let index = rehearsal; index < coldPairs && !this.#isHopeless; index += 1) {
      const pair = await this.#runPair(index);
      if (this.#interrupts > 0) return undefined;
      if (index === rehearsal) continue;
      if (pair !== undefined) this.#pairs.push(pair);
      onProgress({ pairs: index + 1, warmInvocations: this.#warmInvocations });
    }
    return {
      pairs: this.#pairs,
      failures: this.#failures,
      coldStarts: this.#coldStarts,
      invocations: this.#invocations,
    };
  }

  interrupt(): void {
    this.#interrupts += 1;
    for (const environment of this.#live) environment.end(this.#interrupts === 1 ? 'shutdown' : 'kill');
  }

  get #isHopeless(): boolean {
    return sides.some((side) => this.#failures[side].length >= patience);
  }

  /** Undefined where something failed, or it was interrupted. */
  async #runPair(index: number): Promise<BothSides<EnvironmentSample> | undefined> {
    const order: readonly Side[] = index % 2 === 0 ? sides : sides.toReversed();
    const pair = new Map<Side, ComparedEnvironment>();
    try {
      for (const side of order) {
        if (this.#interrupts > 0) return undefined;
        const environment = this.#open(side);
        pair.set(side, environment);
        this.#coldStarts[side] += 1;
        if (!(await this.#step(side, () => environment.start(this.#plan.event)))) return undefined;
      }
      if (!(await this.#invokeInTurns(index, order, pair))) return undefined;
      return { without: pair.get('without')!.sample(), with: pair.get('with')!.sample() };
    } finally {
      await closeAll([...pair.values()]);
      for (const environment of pair.values()) this.#live.delete(environment);
    }
  }

  #open(side: Side): ComparedEnvironment {
    const environment = new ComparedEnvironment(this.#ground, this.#prepared[side], {
      onInvocation: () => {
        this.#invocations[side] += 1;
      },
      onFinding: (message) => this.#plan.onFinding(side, message),
    });
    this.#live.add(environment);
    return environment;
  }

  async #invokeInTurns(
    index: number,
    order: readonly Side[],
    pair: ReadonlyMap<Side, ComparedEnvironment>,
  ): Promise<boolean> {
    const { coldPairs, warmInvocations, event, onProgress } = this.#plan;
    const isOdd = index < warmInvocations % coldPairs;
    const counted = Math.floor(warmInvocations / coldPairs) + (isOdd ? 1 : 0);
    if (counted === 0 || index === rehearsal) return true;
    for (let turn = -warmUpInvocations; turn < counted; turn += 1) {
      for (const side of turn % 2 === 0 ? order : order.toReversed()) {
        if (this.#interrupts > 0) return false;
        const counts = turn >= 0;
        if (!(await this.#step(side, () => pair.get(side)!.invoke(event, counts)))) return false;
      }
      if (turn < 0) continue;
      this.#warmInvocations += 1;
      onProgress({ pairs: index, warmInvocations: this.#warmInvocations });
    }
    return true;
  }

  /** False where it failed. What an interrupt brought down is no failure. */
  async #step(side: Side, deed: () => Promise<Failure | undefined>): Promise<boolean> {
    const failure = await deed();
    if (this.#interrupts > 0) return false;
    if (failure !== undefined) this.#failures[side].push(failure);
    return failure === undefined;
  }
}

/** The ground is taken away after this: that one cannot be closed must not leave the other one standing on it. */
async function closeAll(environments: readonly ComparedEnvironment[]): Promise<void> {
  const closings = await Promise.allSettled(environments.map((environment) => environment.close()));
  for (const closing of closings) if (closing.status === 'rejected') throw closing.reason;
}
