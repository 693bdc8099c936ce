import type { Reply } from '../lifecycle/effect.ts';
import type { Happening } from '../lifecycle/happening.ts';
import type { Life } from '../lifecycle/life.ts';

/** What ties a generation to its environment's life, and is cut with the generation's end. */
export interface Lifeline {
  readonly life: () => Life;
  /** Whether anything of this generation can still be running. */
  readonly holds: () => boolean;
  /** Of a generation that is gone, nothing is heard any more. Replies to calls on an inner API. */
  readonly happen: (happening: Happening) => Reply | undefined;
}
