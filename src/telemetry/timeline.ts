import type { PhaseName, Status, StoryEvent } from '../domain/story.ts';
import { Fold, type Section } from './timeline-fold.ts';
import { foldMiddle } from './timeline-folding.ts';
import {
  isInit,
  isTeardown,
  type Moment,
  type MomentName,
  type Part,
  type Phase,
  type ProcessKind,
  type ProcessState,
  processKey,
  stateAfter,
} from './timeline-phase.ts';
import { waitedForAlone, waitsOf } from './timeline-waits.ts';

/** More than one environment has processes; names beyond it come only where every generation has new ones. */
const maxTotals = 16;
const maxFindingsPerPhase = 4;
const maxFindingLength = 500;

/** What there is to show. The sections are live: show them before the next event is read. */
export interface TimelineView {
  readonly functionName: string;
  readonly invocations: number;
  readonly failedInvocations: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly sections: readonly Section[];
  /** By name of a process: how long it alone was waited for, in all phases that are over. */
  readonly totals: ReadonlyMap<string, WaitTotal>;
}

export interface WaitTotal {
  initMs: number;
  invokeMs: number;
}

/** An environment's life as phases, each with what every process did in it. Keeps only what it shows. */
export class Timeline {
  readonly #sections: Section[] = [];
  readonly #alive = new Map<string, { name: string; kind: ProcessKind; state: ProcessState }>();
  /** Told before the first phase. */
  readonly #earlyFindings: string[] = [];
  readonly #totals = new Map<string, WaitTotal>();
  #phase: Phase | undefined;
  #functionName = '';
  #startMs: number | undefined;
  #endMs = 0;
  #invocations = 0;
  #failedInvocations = 0;
  #requestId: string | undefined;
  #failedRequestId: string | undefined;

  /** A reader of the story. */
  readonly read = (event: StoryEvent): void => {
    this.#startMs ??= event.timeMs;
    this.#endMs = Math.max(this.#endMs, event.timeMs);
    if (this.#phase !== undefined) this.#phase.endMs = Math.max(this.#phase.endMs, event.timeMs);
    switch (event.type) {
      case 'platform.initStart':
        this.#functionName = event.record.functionName;
        break;
      case 'platform.initRuntimeDone':
      case 'platform.initReport':
        this.#fail(event.record, isInit);
        break;
      case 'platform.runtimeDone':
      case 'platform.report': {
        const { requestId } = event.record;
        this.#fail(event.record, (phase) => phase.requestId === requestId && !isTeardown(phase));
        this.#countFailure(requestId, event.record.status);
        break;
      }
      case 'thaw.phase':
        this.#open(event.timeMs, event.record);
        break;
      case 'thaw.process': {
        const { name, kind, moment, detail } = event.record;
        const momentName = moment === 'signalled' ? (detail === 'SIGTERM' ? 'SIGTERM' : 'SIGKILL') : moment;
        this.#note(name, kind, momentName, {
          timeMs: event.timeMs,
          ...(detail === undefined ? {} : { detail }),
        });
        break;
      }
      case 'thaw.diagnosis':
        this.#find(event.record.message);
        break;
    }
  };

  view(): TimelineView {
    return {
      functionName: this.#functionName,
      invocations: this.#invocations,
      failedInvocations: this.#failedInvocations,
      startMs: this.#startMs ?? 0,
      endMs: this.#endMs,
      sections: this.#sections,
      totals: this.#totals,
    };
  }

  #open(timeMs: number, record: { phase: PhaseName; requestId?: string; suppressed?: boolean }): void {
    const { requestId } = record;
    if (requestId !== undefined && requestId !== this.#requestId) {
      this.#requestId = requestId;
      this.#invocations += 1;
    }
    const before = this.#phase;
    if (before !== undefined) this.#addUp(before);
    this.#phase = undefined;
    foldMiddle(this.#sections);
    if (record.phase === 'Closed') return;
    const parts = new Map<string, Part>();
    for (const [key, { name, kind, state }] of this.#alive) {
      parts.set(key, { name, kind, entered: state, moments: new Map() });
    }
    const phase: Phase = {
      name: record.phase,
      startMs: timeMs,
      endMs: timeMs,
      ...(requestId === undefined ? {} : { requestId, invocation: this.#invocations }),
      suppressed: record.suppressed ?? false,
      parts,
      findings: this.#earlyFindings.splice(0),
    };
    this.#phase = before !== undefined && isInit(before) && isInit(phase) ? sameInit(before, phase) : phase;
    this.#sections.push(this.#phase);
  }

  #note(name: string, kind: ProcessKind, momentName: MomentName, moment: Moment): void {
    const key = processKey(kind, name);
    const state = this.#alive.get(key)?.state ?? 'absent';
    const part: Part = this.#phase?.parts.get(key) ?? { name, kind, entered: state, moments: new Map() };
    part.moments.set(momentName, moment);
    this.#phase?.parts.set(key, part);
    const next = stateAfter(momentName, state);
    if (next === 'absent') this.#alive.delete(key);
    else this.#alive.set(key, { name, kind, state: next });
    if (kind === 'runtime' && momentName === 'exited') this.#endInternalExtensions(moment);
  }

  /** They live in the runtime's process and go with it. */
  #endInternalExtensions(moment: Moment): void {
    for (const { name, kind } of [...this.#alive.values()]) {
      if (kind === 'internal') this.#note(name, kind, 'exited', moment);
    }
  }

  /** Marks the last phase that `belongs`, which may be over: a report comes after the reset it includes. */
  #fail(record: { status: Status; errorType?: string }, belongs: (phase: Phase) => boolean): void {
    if (record.status === 'success') return;
    const phase = this.#sections.findLast((section) => !(section instanceof Fold) && belongs(section));
    if (phase === undefined || phase instanceof Fold) return;
    const { status, errorType } = record;
    phase.failure ??= { status, ...(errorType === undefined ? {} : { errorType }) };
  }

  #countFailure(requestId: string, status: Status): void {
    if (status === 'success' || requestId === this.#failedRequestId) return;
    this.#failedRequestId = requestId;
    this.#failedInvocations += 1;
  }

  #addUp(phase: Phase): void {
    if (!isInit(phase) && phase.name !== 'Invoke') return;
    for (const { part, fromMs, toMs } of waitedForAlone(waitsOf(phase))) {
      if (!this.#totals.has(part.name) && this.#totals.size >= maxTotals) continue;
      const total = this.#totals.get(part.name) ?? { initMs: 0, invokeMs: 0 };
      total[isInit(phase) ? 'initMs' : 'invokeMs'] += toMs - fromMs;
      this.#totals.set(part.name, total);
    }
  }

  #find(message: string): void {
    const findings = this.#phase?.findings ?? (this.#sections.length === 0 ? this.#earlyFindings : undefined);
    if (findings === undefined || findings.length >= maxFindingsPerPhase) return;
    findings.push(message.length > maxFindingLength ? `${message.slice(0, maxFindingLength)}…` : message);
  }
}

/** Runtime init and Function init belong to what the Extension init before them belongs to. */
function sameInit({ requestId, invocation, suppressed }: Phase, phase: Phase): Phase {
  return {
    ...phase,
    suppressed,
    ...(requestId === undefined || invocation === undefined ? {} : { requestId, invocation }),
  };
}
