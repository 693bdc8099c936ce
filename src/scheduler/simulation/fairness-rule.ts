import type { History } from './history.ts';

interface Starvation {
  readonly sinceMs: number;
  /** Starts that others got meanwhile. */
  readonly passedOver: Map<string, number>;
}

/** A function that waits and has nothing is passed over by each other one at most once, and not for long. */
export class FairnessRule {
  readonly #starving = new Map<string, Starvation>();
  readonly #longestMs: number;
  readonly #fail: (rule: string) => never;

  constructor({ terms, functionNames, longest }: History, fail: (rule: string) => never) {
    const { startMs, invocationMs, closeMs } = longest;
    const roundMs = startMs + invocationMs + settlingMs + closeMs;
    this.#longestMs = terms.turnMs + (functionNames.length + 1) * roundMs;
    this.#fail = fail;
  }

  granted(functionName: string, what: 'start' | 'run'): void {
    this.#starving.delete(functionName);
    if (what === 'run') return;
    for (const [, { passedOver }] of this.#starving) {
      const times = (passedOver.get(functionName) ?? 0) + 1;
      passedOver.set(functionName, times);
      if (times > 1) this.#fail('no function gets two starts while another one waits for its first');
    }
  }

  check(nowMs: number, starving: ReadonlySet<string>): void {
    for (const name of this.#starving.keys()) if (!starving.has(name)) this.#starving.delete(name);
    for (const name of starving) {
      const known = this.#starving.get(name);
      if (!known) this.#starving.set(name, { sinceMs: nowMs, passedOver: new Map() });
      else if (nowMs - known.sinceMs > this.#longestMs)
        this.#fail(`no function waits without an environment for more than ${this.#longestMs} ms`);
    }
  }

  /** Other reservations, other rights. */
  forget(): void {
    this.#starving.clear();
  }
}

/** What the world takes at most from an answer to what follows it. */
const settlingMs = 10;
