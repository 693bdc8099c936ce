import type { Timer } from '../happening.ts';
import { type Phase, phases } from '../life.ts';
import type { Broken, Rule } from './rule.ts';

/** The environment never waits for ever: a phase that waits has its timer, one that rests has none. */
const timersOf: Readonly<Partial<Record<Phase, readonly Timer[]>>> = {
  ExtensionInit: ['init', 'invoke'],
  RuntimeInit: ['init', 'invoke'],
  ExtensionsSettling: ['init', 'invoke'],
  Invoking: ['invoke'],
  ExtensionsFinishing: ['invoke'],
  StoppingRuntime: ['runtimeStop'],
  StoppingExtensions: ['shutdown'],
};

export function patienceRule(broken: Broken): Rule {
  const armed = new Set<Timer>();
  let generation = 0;
  let boots = 0;
  let generationEnding = false;
  let ordered: 'shutdown' | 'kill' | undefined;
  return {
    happened(happening) {
      if (happening.type === 'shutdown' || happening.type === 'kill') ordered = happening.type;
      if (happening.type === 'deadline') armed.delete(happening.timer);
      if (happening.type === 'generationEnded') generationEnding = false;
    },
    effect(effect, nowMs) {
      if (effect.do === 'arm') {
        if (effect.atMs < nowMs) broken(`timer ${effect.timer} is armed for the past`);
        armed.add(effect.timer);
      }
      if (effect.do === 'disarm') armed.delete(effect.timer);
      if (effect.do === 'endGeneration') generationEnding = true;
      if (effect.do === 'boot') {
        if (generationEnding) broken('a generation is booted before the last one ended');
        boots += 1;
      }
    },
    settled(life) {
      if (ordered && ['Idle', 'Dormant'].includes(life.phase)) {
        broken(`the environment rests in ${life.phase} although it was ordered to close (${ordered})`);
      }
      if (!phases.includes(life.phase)) broken(`${life.phase} is no phase`);
      const wanted = timersOf[life.phase];
      const useful = [...armed].filter((timer) => wanted?.includes(timer));
      if (wanted && useful.length !== 1) broken(`${life.phase} waits with [${[...armed]}] armed`);
      const left = [...armed].filter((timer) => !wanted?.includes(timer));
      if (left.length > 0) broken(`timer ${left[0]} is left armed in ${life.phase}`);
      if ((life.phase === 'Killing') !== generationEnding) {
        broken(
          `${life.phase} ${generationEnding ? 'while a generation is being ended' : 'without ending the generation'}`,
        );
      }
      if (life.generation < generation || life.generation !== boots) {
        broken(`generation ${life.generation} after ${generation}, with ${boots} boots`);
      }
      generation = life.generation;
    },
    ended(life) {
      if (life.phase !== 'Closed')
        broken(`nothing happens any more, and the environment waits in ${life.phase}`);
    },
  };
}
