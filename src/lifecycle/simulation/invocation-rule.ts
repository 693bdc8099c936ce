import type { Broken, Rule } from './rule.ts';

interface Account {
  answers: number;
  settlements: number;
  readonly dueMs: number;
}

/** No invocation is lost or answered twice; the answer is there in time, and before the settlement. */
export function invocationRule(broken: Broken, functionTimeoutMs: number): Rule {
  const accounts = new Map<string, Account>();
  const open = () => [...accounts].filter(([, account]) => account.settlements === 0).map(([id]) => id);
  return {
    happened(happening, _reply, nowMs) {
      if (happening.type !== 'invoke') return;
      const under = open();
      if (under.length > 0) broken(`${happening.requestId} was taken while ${under[0]} was under way`);
      accounts.set(happening.requestId, { answers: 0, settlements: 0, dueMs: nowMs + functionTimeoutMs });
    },
    effect(effect, nowMs) {
      if (effect.do !== 'answer' && effect.do !== 'settle') return;
      const account = accounts.get(effect.requestId);
      if (!account) return broken(`${effect.do} for ${effect.requestId}, which was never asked for`);
      if (effect.do === 'answer') {
        account.answers += 1;
        if (account.answers > 1) broken(`${effect.requestId} was answered twice`);
        if (nowMs > account.dueMs) broken(`${effect.requestId} was answered after its deadline`);
        return;
      }
      account.settlements += 1;
      if (account.answers === 0) broken(`${effect.requestId} was settled without an answer`);
      if (account.settlements > 1) broken(`${effect.requestId} was settled twice`);
    },
    settled(_life, nowMs) {
      for (const id of open()) {
        const account = accounts.get(id)!;
        if (account.answers === 0 && nowMs > account.dueMs) broken(`${id} has no answer after its deadline`);
      }
    },
    ended() {
      for (const [id, account] of accounts) {
        if (account.answers !== 1) broken(`${id} was lost: it was answered ${account.answers} times`);
        if (account.settlements !== 1) broken(`${id} was lost: it was settled ${account.settlements} times`);
      }
    },
  };
}
