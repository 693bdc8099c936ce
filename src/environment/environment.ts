import type { Fault } from '../domain/fault.ts';
import type { Invocation } from '../domain/invocation.ts';
import { initTimeoutMs, maxExtensions, shutdownBudgetMs } from '../domain/limits.ts';
import { accepts, decide } from '../lifecycle/decide.ts';
import type { Reply } from '../lifecycle/effect.ts';
import type { Happening } from '../lifecycle/happening.ts';
import { type Life, newLife, type Phase } from '../lifecycle/life.ts';
import { EffectCarrier } from './effect-carrier.ts';
import type { EnvironmentParts } from './environment-parts.ts';
import type { Lifeline } from './lifeline.ts';
import type { Running } from './underway-invocation.ts';

/**
 * One living execution environment. Here its life is, and everything that happens to it goes through here: what to do
 * about it is decided in `lifecycle/`, and carried out by the `EffectCarrier`. One invocation at a time.
 */
export class Environment {
  readonly #parts: EnvironmentParts;
  readonly #effects: EffectCarrier;
  #life: Life;

  constructor(parts: EnvironmentParts) {
    const { spec, logStreamName, runtimeVersion } = parts;
    this.#parts = parts;
    this.#life = newLife({
      functionName: spec.functionName,
      functionVersion: spec.functionVersion,
      memorySizeMB: spec.memoryMiB,
      logStreamName,
      ...(runtimeVersion && { runtimeVersion }),
      initTimeoutMs,
      functionTimeoutMs: spec.timeoutMs,
      maxExtensions,
      shutdownBudgetMs,
    });
    this.#effects = new EffectCarrier(parts, {
      newLifeline: () => this.#newLifeline(),
      onDue: (timer) => this.#happen({ type: 'deadline', timer }),
    });
  }

  get phase(): Phase {
    return this.#life.phase;
  }

  /** Resolves when every process is gone and the sandbox is given back. */
  get closed(): Promise<void> {
    return this.#effects.closed;
  }

  /** Init ahead of an invocation. Resolves with the fault of an Init that failed: the next invocation tries again. */
  open(): Promise<Fault | undefined> {
    this.#require('open');
    this.#happen({ type: 'open' });
    return this.#effects.opened;
  }

  /** @throws where the environment is busy, closed or not opened. */
  invoke(invocation: Invocation): Running {
    this.#require('invoke');
    const running = this.#effects.take(invocation);
    const { requestId, traceId } = invocation;
    this.#happen({ type: 'invoke', requestId, traceId });
    return running;
  }

  /** The orderly end, with SHUTDOWN to the extensions. Whatever is under way fails. Idempotent. */
  shutdown(): Promise<void> {
    this.#happen({ type: 'shutdown' });
    return this.#effects.closed;
  }

  /** The end without ceremony. Idempotent. */
  kill(): Promise<void> {
    this.#happen({ type: 'kill' });
    return this.#effects.closed;
  }

  #require(order: 'open' | 'invoke'): void {
    if (accepts(this.#life.phase, order)) return;
    throw new Error(`environment ${this.#parts.id} cannot ${order} in phase ${this.#life.phase}`);
  }

  #happen(happening: Happening): Reply | undefined {
    const before = this.#life;
    const decision = decide(before, happening, this.#parts.clock());
    this.#life = decision.life;
    this.#effects.carryOut(decision, before);
    return decision.reply;
  }

  /** Of the generation that the life now counts. */
  #newLifeline(): Lifeline {
    const { generation } = this.#life;
    const holds = () => this.#life.generation === generation && !lifeless.has(this.#life.phase);
    return {
      life: () => this.#life,
      holds,
      happen: (happening) => (holds() ? this.#happen(happening) : undefined),
    };
  }
}

const lifeless: ReadonlySet<Phase> = new Set(['New', 'Dormant', 'Closed']);
