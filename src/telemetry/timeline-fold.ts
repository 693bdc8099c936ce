import { Quantiles } from './quantiles.ts';
import type { Phase } from './timeline-phase.ts';
import { waitedForAlone, waitsOf } from './timeline-waits.ts';

/** More names than one environment has processes: beyond, only where each generation's extensions are named anew. */
const maxHolders = 16;

/** What a timeline is made of, in order of time. */
export type Section = Phase | Fold;

/** Many phases, told as one: what is left of invocations nobody will look at one by one. Its size has a bound. */
export class Fold {
  readonly startMs: number;
  endMs: number;
  /** Numbers of the first and the last invocation in it. */
  first = 0;
  last = 0;
  /** Of the invocations, ms. */
  readonly durationsMs = new Quantiles();
  slowest?: { readonly invocation: number; readonly waitedFor?: string };
  /** By name of the process that was waited for last: how often, and how long for it alone. */
  readonly holders = new Map<string, { count: number; aloneMs: number }>();
  frozenMs = 0;
  resets = 0;
  /** Phases that failed, by status. */
  readonly failures = new Map<string, number>();

  constructor(phase: Phase) {
    this.startMs = phase.startMs;
    this.endMs = phase.endMs;
    this.absorb(phase);
  }

  absorb(phase: Phase): void {
    this.endMs = phase.endMs;
    if (phase.name === 'Freeze') this.frozenMs += phase.endMs - phase.startMs;
    if (phase.name === 'Reset') this.resets += 1;
    if (phase.failure !== undefined) increment(this.failures, phase.failure.status, 1);
    if (phase.name === 'Invoke') this.#absorbInvocation(phase);
  }

  /** Takes over what a later fold holds. */
  merge(later: Fold): void {
    if (later.durationsMs.max > this.durationsMs.max && later.slowest !== undefined)
      this.slowest = later.slowest;
    this.endMs = later.endMs;
    this.first ||= later.first;
    this.last = later.last || this.last;
    this.durationsMs.merge(later.durationsMs);
    for (const [name, held] of later.holders) this.#hold(name, held.count, held.aloneMs);
    this.frozenMs += later.frozenMs;
    this.resets += later.resets;
    for (const [status, count] of later.failures) increment(this.failures, status, count);
  }

  #absorbInvocation(phase: Phase): void {
    const invocation = phase.invocation ?? 0;
    const waits = waitsOf(phase);
    const holder = waits.at(-1)?.part;
    const durationMs = phase.endMs - phase.startMs;
    if (durationMs >= this.durationsMs.max) {
      this.slowest = { invocation, ...(holder === undefined ? {} : { waitedFor: holder.name }) };
    }
    this.first ||= invocation;
    this.last = invocation;
    this.durationsMs.add(durationMs);
    if (holder === undefined) return;
    const alone = waitedForAlone(waits).filter((span) => span.part === holder);
    this.#hold(
      holder.name,
      1,
      alone.reduce((sum, span) => sum + span.toMs - span.fromMs, 0),
    );
  }

  #hold(name: string, count: number, aloneMs: number): void {
    const key = this.holders.has(name) || this.holders.size < maxHolders ? name : 'others';
    const held = this.holders.get(key) ?? { count: 0, aloneMs: 0 };
    this.holders.set(key, { count: held.count + count, aloneMs: held.aloneMs + aloneMs });
  }
}

/** Whether the platform reported anything but success in it. */
export function isFailed(section: Section): boolean {
  return section instanceof Fold ? section.failures.size > 0 : section.failure !== undefined;
}

function increment(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
