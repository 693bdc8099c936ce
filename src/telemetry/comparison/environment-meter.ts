import type { PhaseName, Report, RuntimeDone, StoryEvent } from '../../domain/story.ts';
import { Timeline, type WaitTotal } from '../timeline.ts';
import { Fold } from '../timeline-fold.ts';
import type { ColdStart, WarmInvocation } from './samples.ts';

/**
 * Reads what an environment costs off its story. Ask right after an invocation has settled: `coldStart` after the
 * first one, `warmInvocation` after any other.
 */
export class EnvironmentMeter {
  /** Of the whole life, for what processes were waited for. */
  readonly #life = new Timeline();
  /** Until the first invocation is over. */
  readonly #start = new Timeline();
  readonly #extensions = new Set<string>();
  #waitedBefore: ReadonlyMap<string, WaitTotal> = new Map();
  #isStarting = true;
  #runtimeDone: RuntimeDone | undefined;
  #report: Report | undefined;

  /** A reader of the story. */
  readonly read = (event: StoryEvent): void => {
    this.#life.read(event);
    if (this.#isStarting) this.#start.read(event);
    if (event.type === 'platform.extension') this.#extensions.add(event.record.name);
    if (event.type === 'platform.runtimeDone') this.#runtimeDone = event.record;
    if (event.type === 'platform.report') this.#report = event.record;
  };

  get maxMemoryUsedMB(): number {
    return this.#reported().maxMemoryUsedMB;
  }

  /** Both in ms: from the order to open, and from the order to invoke, to the first answer. */
  coldStart(coldStartMs: number, answerMs: number): ColdStart {
    this.#isStarting = false;
    const view = this.#start.view();
    const lengthOf = (name: PhaseName) =>
      view.sections
        .filter((section) => !(section instanceof Fold) && section.name === name)
        .reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
    return {
      coldStartMs,
      extensionInitMs: lengthOf('Extension init'),
      runtimeInitMs: lengthOf('Runtime init'),
      functionInitMs: lengthOf('Function init'),
      answerMs,
      billedMs: this.#reported().billedDurationMs,
      aloneMs: this.#waitedSince('initMs'),
      view,
    };
  }

  /** From the order to invoke to the answer, ms. */
  warmInvocation(answerMs: number): WarmInvocation {
    const { billedDurationMs } = this.#reported();
    if (this.#runtimeDone === undefined) throw new Error('a reported invocation has had its runtimeDone');
    const overhead = this.#report?.spans?.find(({ name }) => name === 'extensionOverhead');
    return {
      answerMs,
      runtimeMs: this.#runtimeDone.metrics.durationMs,
      postRuntimeMs: overhead?.durationMs ?? 0,
      billedMs: billedDurationMs,
      aloneMs: this.#waitedSince('invokeMs'),
    };
  }

  #reported(): Report['metrics'] {
    if (this.#report === undefined) throw new Error('no invocation has been reported yet');
    return this.#report.metrics;
  }

  /** What extensions alone were waited for since this was asked last; an extension nobody waited for has its 0. */
  #waitedSince(what: keyof WaitTotal): ReadonlyMap<string, number> {
    const totals = this.#life.view().totals;
    const before = this.#waitedBefore;
    this.#waitedBefore = new Map([...totals].map(([name, total]) => [name, { ...total }]));
    const waitedMs = (name: string) => (totals.get(name)?.[what] ?? 0) - (before.get(name)?.[what] ?? 0);
    return new Map([...this.#extensions].map((name) => [name, waitedMs(name)]));
  }
}
