import { isTeardown, type Moment, type Part, type Phase, processKey, type Span } from './timeline-phase.ts';

/** A phase waits for a process from `fromMs` to `toMs`. */
export interface Wait extends Span {
  readonly part: Part;
  /** False: the phase ended without it. */
  readonly finished: boolean;
}

/**
 * Whom a phase waits for, the last to finish last. An Extension init waits for each external extension to register, the
 * rest of the init for runtime and extensions to ask for an event, an invocation for everyone who was given it,
 * and an ending for everyone to be gone.
 */
export function waitsOf(phase: Phase): readonly Wait[] {
  const waits: Wait[] = [];
  for (const part of phase.parts.values()) {
    const fromMs = waitedFromMs(part, phase);
    if (fromMs === undefined) continue;
    const end = endOfWait(part, phase, fromMs);
    waits.push({ part, fromMs, toMs: end?.timeMs ?? phase.endMs, finished: end !== undefined });
  }
  return waits.sort((a, b) => Number(b.finished) - Number(a.finished) || a.toMs - b.toMs);
}

/** The stretches in which one process alone was waited for: everyone else was done, or not yet asked. */
export function waitedForAlone(waits: readonly Wait[]): readonly (Span & { readonly part: Part })[] {
  const times = [...new Set(waits.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))].sort((a, b) => a - b);
  const spans: (Span & { part: Part })[] = [];
  for (const [index, toMs] of times.entries()) {
    if (index === 0) continue;
    const fromMs = times[index - 1]!;
    const due = waits.filter((wait) => wait.fromMs <= fromMs && wait.toMs >= toMs);
    if (due.length === 1) spans.push({ part: due[0]!.part, fromMs, toMs });
  }
  return spans;
}

function waitedFromMs(part: Part, phase: Phase): number | undefined {
  const at = (name: Parameters<Part['moments']['get']>[0]) => part.moments.get(name)?.timeMs;
  switch (phase.name) {
    case 'Extension init':
      if (part.kind !== 'external' || part.entered !== 'absent') return undefined;
      return at('started') ?? at('registered');
    case 'Runtime init':
    case 'Function init':
      if (part.entered === 'waiting') return undefined;
      // Extensions are not waited for before the runtime is done with its own start.
      if (phase.name === 'Runtime init' && part.kind !== 'runtime' && !runtimeIsReady(phase))
        return undefined;
      return part.entered === 'working' ? phase.startMs : (at('started') ?? at('registered'));
    case 'Invoke':
      return at('event');
    case 'Reset':
    case 'Shutdown':
      return teardownFromMs(part, phase);
    default:
      return undefined;
  }
}

/**
 * The runtime is stopped first. Then an idle extension gets its event, or its kill, at once; for one that is busy the
 * ending waits. Internal extensions go with the runtime.
 */
function teardownFromMs(part: Part, phase: Phase): number | undefined {
  if (part.kind === 'internal' || part.entered === 'absent') return undefined;
  const { moments } = part;
  if (part.kind === 'runtime') return moments.get('SIGTERM')?.timeMs ?? phase.startMs;
  if (part.entered === 'working') return runtimeStoppedMs(phase);
  return (moments.get('event') ?? moments.get('SIGKILL'))?.timeMs ?? runtimeStoppedMs(phase);
}

function runtimeStoppedMs(phase: Phase): number {
  const moments = phase.parts.get(processKey('runtime', 'runtime'))?.moments;
  return (moments?.get('SIGKILL') ?? moments?.get('exited'))?.timeMs ?? phase.startMs;
}

function endOfWait(part: Part, phase: Phase, fromMs: number): Moment | undefined {
  const exited = part.moments.get('exited');
  if (isTeardown(phase)) return exited;
  const done = part.moments.get(phase.name === 'Extension init' ? 'registered' : 'ready');
  return done !== undefined && done.timeMs >= fromMs ? done : exited;
}

function runtimeIsReady(phase: Phase): boolean {
  return [...phase.parts.values()].some((part) => part.kind === 'runtime' && part.moments.has('ready'));
}
