import type { Effect, Reply, Told } from './effect.ts';
import type { Timer } from './happening.ts';
import type { Extension, Life } from './life.ts';

/** One decision being made: a private copy of the life, the time, and the effects gathered so far. */
export class Scene {
  readonly life: Life;
  readonly nowMs: number;
  readonly effects: Effect[] = [];
  reply: Reply | undefined;

  constructor(life: Life, nowMs: number) {
    this.life = copy(life);
    this.nowMs = nowMs;
  }

  do(effect: Effect): void {
    this.effects.push(effect);
  }

  tell<Type extends Told['type']>(type: Type, record: Extract<Told, { type: Type }>['record']): void {
    this.effects.push({ do: 'tell', event: { timeMs: this.nowMs, type, record } as Told });
  }

  arm(timer: Timer, atMs: number): void {
    this.do({ do: 'arm', timer, atMs });
  }

  disarm(...timers: Timer[]): void {
    for (const timer of timers) this.do({ do: 'disarm', timer });
  }

  refuse(status: 400 | 403, errorType: string, errorMessage: string): void {
    this.reply = { kind: 'refused', status, errorType, errorMessage };
  }

  extensions(): Extension[] {
    return [...this.life.extensions.values()];
  }
}

function copy(life: Life): Life {
  const extensions = new Map<string, Extension>();
  for (const [name, extension] of life.extensions) extensions.set(name, { ...extension });
  return {
    ...life,
    extensions,
    runtime: { ...life.runtime },
    ...(life.init && { init: { ...life.init } }),
    ...(life.invocation && { invocation: { ...life.invocation } }),
    ...(life.ending && { ending: { ...life.ending } }),
  };
}
