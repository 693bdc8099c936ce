import type { Decision } from '../decide.ts';
import type { Effect, Reply } from '../effect.ts';
import type { Call, Happening, Timer } from '../happening.ts';
import { type Life, newLife, runtimeProcess } from '../life.ts';
import { Agenda, type Entry } from './agenda.ts';
import type { Cast } from './cast.ts';
import { deepFreeze } from './deep-freeze.ts';
import { type Poll, Polls } from './polls.ts';
import type { Process } from './process.ts';
import type { Random } from './random.ts';
import { SimulatedSandbox } from './simulated-sandbox.ts';

export type Decide = (life: Life, happening: Happening, nowMs: number) => Decision;

/** Sees everything, and may act on it later. */
export interface Audience {
  /** Before the decision. */
  asked?(happening: Happening, life: Life): void;
  happened?(happening: Happening, decision: Decision, nowMs: number): void;
  effect?(effect: Effect, nowMs: number): void;
  settled?(life: Life, nowMs: number): void;
}

/**
 * Everything around the lifecycle, scripted: it carries effects out as the environment does, with delays drawn by
 * chance, and lets what follows from them happen.
 */
export class World {
  readonly agenda = new Agenda(1_800_000_000_000);
  readonly random: Random;
  readonly cast: Cast;
  readonly sandbox: SimulatedSandbox;
  readonly audience: Audience[] = [];
  life: Life;
  onLaunch: (names: readonly string[]) => void = () => {};
  onStartRuntime: () => void = () => {};
  readonly #decide: Decide;
  readonly #timers = new Map<Timer, Entry>();
  #polls = this.#noPolls();
  #requestId = '';

  constructor(decide: Decide, cast: Cast, random: Random) {
    this.#decide = decide;
    this.cast = cast;
    this.random = random;
    this.sandbox = new SimulatedSandbox(this.agenda, random, (happening) => this.happen(happening));
    this.life = deepFreeze(newLife(cast.terms));
  }

  happen(happening: Happening, poll?: Poll): Reply | undefined {
    const { nowMs } = this.agenda;
    if (happening.type === 'invoke') this.#requestId = happening.requestId;
    for (const member of this.audience) member.asked?.(happening, this.life);
    const decision = this.#decide(this.life, happening, nowMs);
    this.life = deepFreeze(decision.life);
    // Deciding may have made an event due for this very poll.
    if (poll && decision.reply?.kind === 'wait') {
      this.#polls.park(happening.type === 'extensionNext' ? happening.name : runtimeProcess, poll);
    }
    for (const member of this.audience) member.happened?.(happening, decision, nowMs);
    for (const effect of decision.effects) {
      for (const member of this.audience) member.effect?.(effect, nowMs);
      this.#carryOut(effect);
    }
    for (const member of this.audience) member.settled?.(this.life, nowMs);
    return decision.reply;
  }

  /** A call on an inner API. */
  call(process: Process, call: Call, then?: (reply: Reply) => void, onEvent?: Poll['onEvent']): void {
    this.#overTheWire(process, () => {
      const reply = this.happen(call, onEvent && { process, onEvent });
      if (then && reply) this.sandbox.later(process, 0, () => then(reply));
    });
  }

  extensionNext(process: Process, name: string, onEvent: Poll['onEvent']): void {
    this.#overTheWire(process, () => {
      const poll = { process, onEvent };
      if (this.#polls.giveOverdue(name, poll)) return;
      this.happen({ type: 'extensionNext', name, repolls: !this.#polls.waits(name) }, poll);
    });
  }

  losePoll(name: string): void {
    this.#polls.lose(name);
  }

  /** Now and then a request spends a while on the wire, and outlives its caller. */
  #overTheWire(process: Process, arrive: () => void): void {
    if (this.random.chance(0.15)) this.sandbox.soon(process.generation, 3, arrive);
    else arrive();
  }

  #noPolls(): Polls {
    return new Polls(({ process, onEvent }, event) => {
      this.sandbox.later(process, this.random.between(0, 0.5), () => onEvent(event));
    });
  }

  #carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'boot': {
        const externals = this.cast.extensions.filter((part) => part.kind === 'external');
        this.sandbox.boot(externals.map((part) => part.name));
        return;
      }
      case 'launchExtensions':
        this.onLaunch(effect.names);
        return;
      case 'startRuntime':
        this.onStartRuntime();
        return;
      case 'deliverInvoke': {
        const event = { kind: 'INVOKE', requestId: this.#requestId } as const;
        for (const name of [...effect.extensions, runtimeProcess]) this.#polls.deliver(name, event);
        return;
      }
      case 'deliverShutdown':
        this.#polls.deliver(effect.extension, { kind: 'SHUTDOWN' });
        return;
      case 'arm':
        this.#arm(effect.timer, effect.atMs);
        return;
      case 'disarm':
        this.#disarm(effect.timer);
        return;
      case 'freeze':
        this.sandbox.freeze();
        return;
      case 'thaw':
        this.sandbox.thaw();
        return;
      case 'signal':
        this.sandbox.signal(effect.process, effect.signal);
        return;
      case 'endGeneration':
        this.sandbox.endGeneration(() => {
          this.#polls = this.#noPolls();
          this.happen({ type: 'generationEnded' });
        });
        return;
      default:
    }
  }

  #arm(timer: Timer, atMs: number): void {
    this.#disarm(timer);
    const entry = this.agenda.at(atMs, () => {
      this.#timers.delete(timer);
      this.happen({ type: 'deadline', timer });
    });
    this.#timers.set(timer, entry);
  }

  #disarm(timer: Timer): void {
    const entry = this.#timers.get(timer);
    if (entry) this.agenda.cancel(entry);
    this.#timers.delete(timer);
  }
}
