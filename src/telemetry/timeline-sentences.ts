import { durationText } from './duration-text.ts';
import { Fold, type Section } from './timeline-fold.ts';
import { endingOf, isTeardown, type Part, type Phase, wasAskedToStop } from './timeline-phase.ts';
import { type Wait, waitsOf } from './timeline-waits.ts';

/** In words: what a phase waited for, and what went wrong in it; empty where there is nothing to say. */
export function sentenceOf(section: Section): string {
  if (section instanceof Fold) return foldClauses(section).join('; ');
  const waits = waitsOf(section);
  return [...failureClauses(section), ...deathClauses(section), ...waitClauses(section, waits)].join('; ');
}

function failureClauses({ failure }: Phase): string[] {
  if (failure === undefined) return [];
  if (failure.status === 'timeout') return ['TIMED OUT'];
  return [failure.errorType === undefined ? 'FAILED' : `FAILED with ${failure.errorType}`];
}

function deathClauses(phase: Phase): string[] {
  return [...phase.parts.values()].flatMap((part) => {
    const exited = part.moments.get('exited');
    const ending = endingOf(part, phase);
    if (exited === undefined || ending === 'stopped') return [];
    const after = durationText(exited.timeMs - phase.startMs);
    if (ending === 'killed') {
      const why = wasAskedToStop(part) ? 'did not stop in time' : 'was still busy';
      return [`${part.name} ${why} and was killed after ${after}`];
    }
    return [`${part.name} exited unexpectedly${inBrackets(exited.detail)} after ${after}`];
  });
}

function waitClauses(phase: Phase, waits: readonly Wait[]): string[] {
  if (waits.length === 0) return [];
  if (phase.name === 'Invoke') return invokeClauses(phase, waits);
  const did = phase.name === 'Extension init' ? 'registered' : isTeardown(phase) ? 'gone' : 'ready';
  return orderClauses(phase, waits, did);
}

/** `waited for a, ready after 80.0 ms (b after 12.0 ms)`: the last one first, for it decided. */
function orderClauses(phase: Phase, waits: readonly Wait[], did: string): string[] {
  const unfinished = waits.filter((wait) => !wait.finished);
  // Who died has been named already.
  const finished = waits.filter((wait) => wait.finished && !isUnexpected(wait.part, phase));
  const last = finished.at(-1);
  const isDecided = last !== undefined && last === waits.at(-1);
  const since = (wait: Wait) => `after ${durationText(wait.toMs - phase.startMs)}`;
  if (isDecided) {
    const others = finished.slice(0, -1).map((wait) => `${wait.part.name} ${since(wait)}`);
    const how = isTeardown(phase) ? exitText(last.part) : '';
    return [`waited for ${last.part.name}, ${did} ${since(last)}${how}${inBrackets(others.join(', '))}`];
  }
  const clauses = isTimeout(phase) ? unfinished.map(({ part }) => `${part.name} ${neverText(did)}`) : [];
  // Runtime init gives over to Function init without anyone being ready.
  if (phase.failure === undefined && unfinished.length > 0) {
    clauses.push(`waited for ${unfinished.map(({ part }) => part.name).join(', ')}`);
  }
  if (finished.length > 0)
    clauses.push(`${did}: ${finished.map((wait) => `${wait.part.name} ${since(wait)}`).join(', ')}`);
  return clauses;
}

function neverText(did: string): string {
  if (did === 'registered') return 'never registered';
  return did === 'gone' ? 'was left running' : 'never asked for its first event';
}

/** How it went, where that is more than `exit status 0` or the signal that it was sent. */
function exitText({ moments }: Part): string {
  const detail = moments.get('exited')?.detail;
  if (detail === undefined || detail === 'exit status 0' || moments.has('SIGKILL')) return '';
  if (detail === 'signal: terminated' && moments.has('SIGTERM')) return '';
  const signal = /^signal: (.*)$/.exec(detail)?.[1];
  return signal === undefined ? ` with ${detail}` : `, ended by a signal: ${signal}`;
}

/** `response after 3.1 ms; runtime done 3.4 ms; waited 812.0 ms more for a (b 40.0 ms)`. */
function invokeClauses(phase: Phase, waits: readonly Wait[]): string[] {
  const clauses: string[] = [];
  const runtime = waits.find((wait) => wait.part.kind === 'runtime');
  const responded = runtime?.part.moments.get('responded');
  if (responded !== undefined) {
    clauses.push(`${responded.detail ?? 'response'} after ${durationText(responded.timeMs - phase.startMs)}`);
  }
  if (runtime?.finished && !isUnexpected(runtime.part, phase)) {
    clauses.push(`runtime done ${durationText(runtime.toMs - phase.startMs)}`);
  } else if (runtime !== undefined && !runtime.finished && isTimeout(phase)) {
    const missing = responded === undefined ? 'never responded' : 'never asked for its next event';
    clauses.push(`runtime ${missing} in ${durationText(phase.endMs - phase.startMs)}`);
  }
  const extensions = waits.filter((wait) => wait.part.kind !== 'runtime');
  return [...clauses, ...extensionClauses(phase, extensions, runtime)];
}

function extensionClauses(phase: Phase, extensions: readonly Wait[], runtime: Wait | undefined): string[] {
  const isRuntimeDone = runtime?.finished === true && !isUnexpected(runtime.part, phase);
  const baseMs = isRuntimeDone ? runtime.toMs : phase.startMs;
  const waited = (wait: Wait) => durationText(wait.toMs - baseMs);
  const stuck = isTimeout(phase) ? extensions.filter((wait) => !wait.finished) : [];
  if (stuck.length > 0) {
    const more = isRuntimeDone ? ' more' : '';
    return stuck.map(
      (wait) => `waited ${waited(wait)}${more} for ${wait.part.name}, which never asked for its next event`,
    );
  }
  if (phase.failure !== undefined || !isRuntimeDone || extensions.length === 0) return [];
  const late = extensions.filter((wait) => wait.toMs > baseMs && !isUnexpected(wait.part, phase));
  const last = late.at(-1);
  if (last === undefined) return ['no extension was waited for'];
  const others = late.slice(0, -1).map((wait) => `${wait.part.name} ${waited(wait)}`);
  return [`waited ${waited(last)} more for ${last.part.name}${inBrackets(others.join(', '))}`];
}

function foldClauses(fold: Fold): string[] {
  const clauses: string[] = [];
  const { durationsMs, slowest } = fold;
  if (durationsMs.count > 0) {
    const [p50, p90] = [durationsMs.at(0.5)!, durationsMs.at(0.9)!].map(durationText);
    const by = slowest?.waitedFor === undefined ? '' : `, for ${slowest.waitedFor}`;
    const max = `max ${durationText(durationsMs.max)} (#${slowest?.invocation}${by})`;
    clauses.push(`${durationsMs.count} invocations: p50 ${p50}, p90 ${p90}, ${max}`);
  }
  const holders = [...fold.holders].sort(([, a], [, b]) => b.count - a.count);
  const held = holders.map(
    ([name, { count, aloneMs }]) =>
      `${name} ${count} times (${durationText(aloneMs / count)} alone on average)`,
  );
  if (held.length > 0) clauses.push(`waited last for ${held.join(', ')}`);
  if (fold.failures.size > 0) {
    const failed = [...fold.failures].map(([status, count]) => `${status} ${count} times`);
    clauses.push(`FAILED: ${failed.join(', ')}`);
  }
  if (fold.resets > 0) clauses.push(`reset ${fold.resets} times`);
  if (fold.frozenMs > 0) clauses.push(`frozen ${durationText(fold.frozenMs)} in between`);
  return clauses;
}

function isTimeout(phase: Phase): boolean {
  return phase.failure?.status === 'timeout';
}

function isUnexpected(part: Part, phase: Phase): boolean {
  const ending = endingOf(part, phase);
  return ending === 'crashed' || ending === 'killed';
}

function inBrackets(text: string | undefined): string {
  return text === undefined || text === '' ? '' : ` (${text})`;
}
