import type { Decision } from '../decide.ts';
import type { Effect, Told } from '../effect.ts';
import type { Happening } from '../happening.ts';
import { type Life, runtimeProcess } from '../life.ts';
import type { Decide } from './world.ts';

/** A deliberate fault in the lifecycle, and the rule that has to see it. */
export interface Sabotage {
  readonly name: string;
  readonly caughtBy: RegExp;
  readonly commit: (decide: Decide) => Decide;
}

type Change = (decision: Decision, life: Life, happening: Happening, nowMs: number) => Decision;

function sabotage(name: string, caughtBy: RegExp, change: Change): Sabotage {
  const commit = (decide: Decide): Decide => {
    return (life, happening, nowMs) => change(decide(life, happening, nowMs), life, happening, nowMs);
  };
  return { name, caughtBy, commit };
}

/** Replaces each effect by others. */
function onEffects(name: string, caughtBy: RegExp, change: (effect: Effect) => readonly Effect[]): Sabotage {
  return sabotage(name, caughtBy, (decision) => ({ ...decision, effects: decision.effects.flatMap(change) }));
}

function tells(effect: Effect, type: Told['type']): boolean {
  return effect.do === 'tell' && effect.event.type === type;
}

export const sabotages: readonly Sabotage[] = [
  onEffects('drops a settlement', /settled 0 times|was taken while/, (effect) =>
    effect.do === 'settle' ? [] : [effect],
  ),
  onEffects('drops an answer', /without an answer|no answer after/, (effect) =>
    effect.do === 'answer' ? [] : [effect],
  ),
  onEffects('answers twice', /was answered twice/, (effect) =>
    effect.do === 'answer' ? [effect, effect] : [effect],
  ),
  sabotage('freezes as soon as the runtime is done', /frozen while .+ is at work/, (decision, life) => {
    const early = life.phase === 'Invoking' && decision.life.phase === 'ExtensionsFinishing';
    return early ? { ...decision, effects: [...decision.effects, { do: 'freeze' }] } : decision;
  }),
  onEffects('does not thaw', /frozen environment|while the environment is frozen/, (effect) =>
    effect.do === 'thaw' ? [] : [effect],
  ),
  onEffects('forgets the timer of an invocation', /waits with \[\] armed/, (effect) =>
    effect.do === 'arm' && effect.timer === 'invoke' ? [] : [effect],
  ),
  onEffects('leaves the timer of an invocation armed', /is left armed in/, (effect) =>
    effect.do === 'disarm' && effect.timer === 'invoke' ? [] : [effect],
  ),
  onEffects(
    'reports an invocation before its runtimeDone',
    /report does not follow its runtimeDone/,
    (effect) => (tells(effect, 'platform.runtimeDone') ? [] : [effect]),
  ),
  onEffects('drops the report of an Init', /init unreported|inside an init|a report owed/, (effect) =>
    tells(effect, 'platform.initReport') ? [] : [effect],
  ),
  sabotage('names the length of Init on every report', /on a report that is not the first/, (decision) => ({
    ...decision,
    life: { ...decision.life, ...(decision.life.phase === 'Idle' && { unreportedInitMs: 100 }) },
  })),
  onEffects('forgets a subscriber of INVOKE', /misses an INVOKE/, (effect) =>
    effect.do === 'deliverInvoke' ? [{ ...effect, extensions: effect.extensions.slice(1) }] : [effect],
  ),
  onEffects('forgets a SHUTDOWN', /was killed without SHUTDOWN/, (effect) =>
    effect.do === 'deliverShutdown' ? [] : [effect],
  ),
  onEffects('gives a wrong reason', /SHUTDOWN says/, (effect) =>
    effect.do === 'deliverShutdown' ? [{ ...effect, reason: 'spindown' }] : [effect],
  ),
  onEffects(
    'gives SHUTDOWN more time than there is',
    /takes longer than its|took longer than its/,
    (effect) =>
      effect.do === 'arm' && effect.timer === 'shutdown'
        ? [{ ...effect, atMs: effect.atMs + 1000 }]
        : [effect],
  ),
  onEffects('gives the runtime more time than its share', /more than its share|than its/, (effect) =>
    effect.do === 'arm' && effect.timer === 'runtimeStop'
      ? [{ ...effect, atMs: effect.atMs + 200 }]
      : [effect],
  ),
  onEffects('sends a SIGTERM that nobody earned', /no registration earned|sent to a frozen/, (effect) =>
    effect.do === 'endGeneration'
      ? [{ do: 'signal', process: runtimeProcess, signal: 'SIGTERM' }, effect]
      : [effect],
  ),
  sabotage('lets an extension poll twice at once', /may poll twice at once/, (decision, _life, happening) =>
    happening.type === 'extensionNext' ? { ...decision, reply: { kind: 'wait' } } : decision,
  ),
  sabotage('does not count a generation', /generation \d+ after/, (decision, life) =>
    life.phase === 'Dormant'
      ? { ...decision, life: { ...decision.life, generation: life.generation } }
      : decision,
  ),
  sabotage(
    'never ends a generation',
    /without a budget waits|takes longer than its|without ending the generation/,
    (decision) => ({
      ...decision,
      effects: decision.effects.filter((effect) => effect.do !== 'endGeneration'),
    }),
  ),
  sabotage('goes on after the end', /after the environment was closed/, (decision, life) =>
    life.phase === 'Closed' ? { ...decision, effects: [{ do: 'thaw' }] } : decision,
  ),
  sabotage('writes to the life it was given', /read only|not extensible|frozen map/, (decision, life) => {
    life.extensions.clear();
    return decision;
  }),
  sabotage('refuses a move it should know', /UnlistedMove/, (decision, life, happening) => {
    if (life.phase !== 'ExtensionsFinishing' || happening.type !== 'runtimeExited') return decision;
    throw Object.assign(new Error('no such move'), { name: 'UnlistedMove' });
  }),
];
