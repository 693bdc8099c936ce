import type { Effect } from '../effect.ts';
import type { Happening } from '../happening.ts';

/** An effect in a few words, for comparisons and traces; times are relative to `zeroMs`. */
export function effectInWords(effect: Effect, zeroMs: number): string {
  const fault = 'fault' in effect && effect.fault ? ` ${effect.fault.type}` : '';
  switch (effect.do) {
    case 'launchExtensions':
      return `launch ${effect.names.join(',')}`;
    case 'deliverInvoke':
      return `INVOKE to runtime${effect.extensions.map((name) => `,${name}`).join('')} until ${since(effect.deadlineMs, zeroMs)}`;
    case 'deliverShutdown':
      return `SHUTDOWN ${effect.reason} to ${effect.extension} until ${since(effect.deadlineMs, zeroMs)}`;
    case 'answer':
    case 'settle':
      return `${effect.do} ${effect.requestId}${fault}`;
    case 'initDone':
    case 'diagnose':
      return `${effect.do}${fault}`;
    case 'diagnoseOverdue':
      return `${effect.do} ${effect.extension}, SHUTDOWN ${effect.shutdownGiven ? 'given' : 'due'}`;
    case 'arm':
      return `arm ${effect.timer} at ${since(effect.atMs, zeroMs)}`;
    case 'disarm':
      return `disarm ${effect.timer}`;
    case 'signal':
      return `${effect.signal} ${effect.process}`;
    case 'tell':
      return toldInWords(effect.event);
    default:
      return effect.do;
  }
}

function toldInWords(event: Extract<Effect, { do: 'tell' }>['event']): string {
  const { record } = event;
  if (typeof record === 'string') return `${event.type} ${record}`;
  const words = ['phase', 'name', 'moment', 'detail', 'state', 'status', 'errorType', 'requestId'] as const;
  const fields: Readonly<Record<string, unknown>> = { ...record };
  return [event.type, ...words.map((word) => fields[word]).filter((word) => word !== undefined)].join(' ');
}

export function happeningInWords(happening: Happening): string {
  const { type, ...rest } = happening;
  return `${type} ${Object.values(rest)
    .map((value) => JSON.stringify(value))
    .join(' ')}`.trimEnd();
}

function since(timeMs: number, zeroMs: number): string {
  return `+${Number((timeMs - zeroMs).toFixed(2))}`;
}
