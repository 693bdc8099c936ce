import { endingOf, type Part, type Phase, type Span, statesOf } from './timeline-phase.ts';
import { waitedForAlone, waitsOf } from './timeline-waits.ts';

/**
 * What one character of a row shows: `alone`: the process everyone waited for. `working`: it worked, and was not the
 * only one. `waiting`: it had asked for its next event. `frozen`. `died`: it crashed, or was killed because it did not
 * stop. `overdue`: the phase ran out of time without it. `absent`: it did not run.
 */
export type Glyph = 'alone' | 'working' | 'waiting' | 'frozen' | 'died' | 'overdue' | 'absent';

/** One process in one phase, `width` characters on a linear axis from the phase's start to its end. */
export function cellOf(part: Part, phase: Phase, width: number): Glyph[] {
  const spans = statesOf(part, phase);
  const waits = waitsOf(phase);
  const alone = waitedForAlone(waits).filter((span) => span.part === part);
  const working = spans.filter(({ state }) => state === 'working');
  const waiting = spans.filter(({ state }) => state === 'waiting');
  const columnMs = Math.max(phase.endMs - phase.startMs, Number.EPSILON) / width;
  const columnAt = (timeMs: number) =>
    Math.min(width - 1, Math.max(0, Math.floor((timeMs - phase.startMs) / columnMs)));

  const cell = Array.from({ length: width }, (_, column): Glyph => {
    const fromMs = phase.startMs + column * columnMs;
    const here = { fromMs, toMs: fromMs + columnMs };
    const aloneMs = overlapMs(alone, here);
    const workingMs = overlapMs(working, here);
    const waitingMs = overlapMs(waiting, here);
    if (phase.name === 'Freeze' && workingMs + waitingMs > 0) return 'frozen';
    // Half a character at least, so that neighbouring rows do not both claim it.
    if (aloneMs * 2 >= columnMs) return 'alone';
    const absentMs = columnMs - workingMs - waitingMs;
    if (workingMs >= Math.max(waitingMs, absentMs)) return 'working';
    return waitingMs >= absentMs ? 'waiting' : 'absent';
  });

  // Nothing is too short to be seen.
  for (const [glyph, spansOfGlyph] of [
    ['working', working],
    ['alone', alone],
  ] as const) {
    const first = spansOfGlyph[0];
    const isSeen = cell.includes(glyph) || (glyph === 'working' && cell.includes('alone'));
    if (first !== undefined && !isSeen && phase.name !== 'Freeze') cell[columnAt(first.fromMs)] = glyph;
  }
  const exited = part.moments.get('exited');
  const ending = endingOf(part, phase);
  if (exited !== undefined && (ending === 'crashed' || ending === 'killed'))
    cell[columnAt(exited.timeMs)] = 'died';
  const isOverdue =
    phase.failure?.status === 'timeout' && waits.some((wait) => wait.part === part && !wait.finished);
  if (isOverdue) cell[width - 1] = 'overdue';
  return cell;
}

function overlapMs(spans: readonly Span[], within: Span): number {
  return spans.reduce(
    (sum, span) => sum + Math.max(0, Math.min(span.toMs, within.toMs) - Math.max(span.fromMs, within.fromMs)),
    0,
  );
}
