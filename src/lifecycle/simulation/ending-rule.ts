import type { Happening } from '../happening.ts';
import { type Life, runtimeProcess } from '../life.ts';
import type { Broken, Rule } from './rule.ts';

/** Budgets are kept, SIGTERM is earned by a registration, and SHUTDOWN says why and until when. */
export function endingRule(broken: Broken, budgets: Life['terms']['shutdownBudgetMs']): Rule {
  let externals: readonly string[] = [];
  let registered = new Set<string>();
  let cause: Happening = { type: 'open' };
  let begun: { readonly atMs: number; readonly budgetMs: number; readonly reason: string } | undefined;
  let runtimeLeftMs = Number.POSITIVE_INFINITY;
  let generationEnding = false;

  const begin = (nowMs: number) => {
    const external = externals.some((name) => registered.has(name));
    const budgetMs = external ? budgets.external : registered.size > 0 ? budgets.internalOnly : budgets.none;
    const reason = cause.type === 'shutdown' ? 'spindown' : cause.type === 'deadline' ? 'timeout' : 'failure';
    begun = { atMs: nowMs, budgetMs, reason };
    runtimeLeftMs = nowMs + (external ? budgets.runtimeShare : budgetMs);
  };
  return {
    happened(happening, reply) {
      cause = happening;
      if (happening.type === 'booted') externals = happening.extensions;
      if (happening.type === 'register' && reply?.kind === 'registered') registered.add(happening.name);
      if (happening.type === 'generationEnded') [begun, generationEnding] = [undefined, false];
    },
    effect(effect, nowMs) {
      if (effect.do === 'boot') [registered, externals] = [new Set(), []];
      if (
        effect.do === 'tell' &&
        effect.event.type === 'thaw.phase' &&
        ['Reset', 'Shutdown'].includes(effect.event.record.phase)
      ) {
        if (begun) broken('an ending began twice');
        begin(nowMs);
      }
      if (effect.do === 'signal' && effect.signal === 'SIGTERM') {
        if (effect.process !== runtimeProcess) broken(`${effect.process} got a SIGTERM`);
        if (registered.size === 0) broken('the runtime got a SIGTERM that no registration earned it');
      }
      if (
        effect.do === 'signal' &&
        effect.process === runtimeProcess &&
        effect.signal === 'SIGKILL' &&
        nowMs > runtimeLeftMs
      ) {
        broken('the runtime was given more than its share of the budget');
      }
      if (effect.do === 'deliverShutdown') {
        if (!begun) return broken('SHUTDOWN outside an ending');
        if (effect.reason !== begun.reason)
          broken(`SHUTDOWN says ${effect.reason}, the cause was ${begun.reason}`);
        if (effect.deadlineMs !== begun.atMs + begun.budgetMs)
          broken('SHUTDOWN names another deadline than the budget');
      }
      if (effect.do === 'endGeneration') {
        if (generationEnding) broken('a generation is ended twice');
        generationEnding = true;
        if (begun && nowMs > begun.atMs + begun.budgetMs)
          broken(`the ending took longer than its ${begun.budgetMs} ms`);
      }
    },
    settled(_life, nowMs) {
      if (begun && !generationEnding && nowMs > begun.atMs + begun.budgetMs) {
        broken(`the ending takes longer than its ${begun.budgetMs} ms`);
      }
      if (begun && !generationEnding && begun.budgetMs === 0) broken('an ending without a budget waits');
      if (cause.type === 'kill' && begun && !generationEnding) broken('a kill did not kill at once');
    },
  };
}
