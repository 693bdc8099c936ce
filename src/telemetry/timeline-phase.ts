import type { PhaseName, ProcessMoment, Status } from '../domain/story.ts';

/** One stretch of an environment's life, and what each process did in it. */
export interface Phase {
  readonly name: PhaseName;
  readonly startMs: number;
  endMs: number;
  /** Counted from 1: the invocation it belongs to. */
  readonly invocation?: number;
  readonly requestId?: string;
  /** An init at the time of an invocation. */
  readonly suppressed: boolean;
  /** Set where the platform reported anything but success. */
  failure?: { readonly status: Status; readonly errorType?: string };
  /** By `processKey`, in order of appearance. */
  readonly parts: Map<string, Part>;
  /** Findings told in it, in plain words. */
  readonly findings: string[];
}

export type ProcessKind = 'runtime' | 'external' | 'internal';
/** Waiting: it asked for its next event and has none. */
export type ProcessState = 'absent' | 'working' | 'waiting';

/** One process in one phase. Of each moment the last one is kept. */
export interface Part {
  readonly name: string;
  readonly kind: ProcessKind;
  /** How the phase found it. */
  readonly entered: ProcessState;
  readonly moments: Map<MomentName, Moment>;
}

export type MomentName = Exclude<ProcessMoment, 'signalled'> | 'SIGTERM' | 'SIGKILL';
export interface Moment {
  readonly timeMs: number;
  readonly detail?: string;
}

/** An internal extension may carry any name, `runtime` too. */
export function processKey(kind: ProcessKind, name: string): string {
  return kind === 'runtime' ? 'runtime' : `extension ${name}`;
}

export function stateAfter(moment: MomentName, before: ProcessState): ProcessState {
  switch (moment) {
    case 'started':
    case 'registered':
    case 'event':
      return 'working';
    case 'ready':
      return 'waiting';
    case 'exited':
      return 'absent';
    default:
      return before;
  }
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a process did from moment to moment, without gaps, from the phase's start to its end. */
export function statesOf(part: Part, phase: Phase): readonly (Span & { readonly state: ProcessState })[] {
  const spans: (Span & { state: ProcessState })[] = [];
  let state = part.entered;
  let fromMs = phase.startMs;
  const moments = [...part.moments].sort(([, a], [, b]) => a.timeMs - b.timeMs);
  for (const [name, { timeMs }] of moments) {
    const next = stateAfter(name, state);
    if (next === state) continue;
    if (timeMs > fromMs) spans.push({ state, fromMs, toMs: timeMs });
    state = next;
    fromMs = Math.max(fromMs, timeMs);
  }
  if (phase.endMs > fromMs) spans.push({ state, fromMs, toMs: phase.endMs });
  return spans;
}

/**
 * How a process ended, if it did in this phase. `crashed`: nobody asked it to. `killed`: it was asked to stop and did not
 * in time, or it was still busy and could not even be asked. `stopped`: as it should, also by a kill without grace where
 * it was idle.
 */
export function endingOf(part: Part, phase: Phase): 'crashed' | 'killed' | 'stopped' | undefined {
  const exited = part.moments.get('exited');
  if (exited === undefined) return undefined;
  const isStopping = isTeardown(phase) || part.moments.has('SIGKILL') || wasAskedToStop(part);
  if (!isStopping) return 'crashed';
  const isKilled = part.moments.has('SIGKILL') || exited.detail === 'signal: killed';
  // Internal extensions have no end of their own: they go with the runtime.
  const isOwnEnd = part.kind !== 'internal' && (wasAskedToStop(part) || part.entered === 'working');
  return isKilled && isOwnEnd ? 'killed' : 'stopped';
}

export function wasAskedToStop({ moments }: Part): boolean {
  return moments.has('SIGTERM') || moments.get('event')?.detail === 'SHUTDOWN';
}

export function isTeardown(phase: Phase): boolean {
  return phase.name === 'Reset' || phase.name === 'Shutdown';
}

export function isInit(phase: Phase): boolean {
  return phase.name.endsWith(' init');
}

/** ` for #2`: of the invocation an Init is part of; empty for one that ran ahead, and for other phases. */
export function forInvocation(phase: Phase): string {
  return isInit(phase) && phase.suppressed && phase.invocation !== undefined
    ? ` for #${phase.invocation}`
    : '';
}

/** Whether something went wrong in it that a summary must not hide. */
export function isTroubled(phase: Phase): boolean {
  if (phase.failure !== undefined || phase.findings.length > 0) return true;
  return [...phase.parts.values()].some((part) =>
    ['crashed', 'killed'].includes(endingOf(part, phase) ?? ''),
  );
}
