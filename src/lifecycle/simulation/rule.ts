import type { Effect, Reply } from '../effect.ts';
import type { Happening } from '../happening.ts';
import type { Life } from '../life.ts';

/**
 * One thing that must be true of every life. A rule keeps books of its own from what it sees, and trusts no field of
 * the life for them. `effect` is called for each effect of a step in order, `settled` after the last.
 */
export interface Rule {
  happened?(happening: Happening, reply: Reply | undefined, nowMs: number): void;
  effect?(effect: Effect, nowMs: number): void;
  settled?(life: Life, nowMs: number): void;
  /** Nothing will happen any more. */
  ended?(life: Life): void;
}

/** Ends the life with the rule that was broken. */
export type Broken = (rule: string) => never;
