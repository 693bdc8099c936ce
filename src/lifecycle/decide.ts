import type { Effect, Reply } from './effect.ts';
import type { Happening, HappeningType } from './happening.ts';
import type { Life, Phase } from './life.ts';
import { type Key, type Move, phaseTable, type Row } from './phase-table.ts';
import { Scene } from './scene.ts';

export interface Decision {
  readonly life: Life;
  readonly effects: readonly Effect[];
  /** Present for calls on an inner API. */
  readonly reply?: Reply;
}

/** A move the table does not list: a bug of the caller, never of what runs inside. */
export class UnlistedMove extends Error {
  constructor(phase: Phase, happening: HappeningType) {
    super(`lifecycle: ${happening} has no move in phase ${phase}`);
    this.name = 'UnlistedMove';
  }
}

/**
 * The environment's whole behaviour as one pure step: what it becomes, and what has to be done, when something
 * happens to it at a given time (epoch ms with a fraction).
 *
 * @throws UnlistedMove where the phase does not know the happening.
 */
export function decide(life: Life, happening: Happening, nowMs: number): Decision {
  const row: Row = phaseTable[life.phase];
  const key: Key = happening.type === 'deadline' ? `deadline.${happening.timer}` : happening.type;
  const move = row[key] as Move<Happening> | undefined;
  if (!move) throw new UnlistedMove(life.phase, happening.type);
  const scene = new Scene(life, nowMs);
  move(scene, happening);
  return { life: scene.life, effects: scene.effects, ...(scene.reply && { reply: scene.reply }) };
}

/** Whether a phase takes an order; for owners that want to ask before they act. */
export function accepts(phase: Phase, order: 'open' | 'invoke'): boolean {
  return phaseTable[phase][order] !== undefined;
}
