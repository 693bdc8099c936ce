import assert from 'node:assert/strict';
import type { Fault } from '../../domain/fault.ts';
import { type Decision, decide } from '../decide.ts';
import type { Effect, Reply, Told } from '../effect.ts';
import type { Happening } from '../happening.ts';
import { type Life, newLife, type Terms } from '../life.ts';
import { deepFreeze } from './deep-freeze.ts';
import { effectInWords } from './wording.ts';

export const terms: Terms = {
  functionName: 'fn',
  functionVersion: '$LATEST',
  memorySizeMB: 256,
  logStreamName: '2026/01/05/[$LATEST]0123456789abcdef0123456789abcdef',
  initTimeoutMs: 10_000,
  functionTimeoutMs: 3000,
  maxExtensions: 10,
  shutdownBudgetMs: { none: 0, internalOnly: 500, external: 2000, runtimeShare: 300 },
};

/** What a runtime reports with `init/error`. */
export const noHandler: Fault = { type: 'Runtime.NoSuchHandler', subject: 'runtime', message: 'no handler' };

/**
 * A life driven by hand: each deed happens at the script's own time, and what followed is kept until it is looked
 * at. Every life is frozen before it is passed on, so a decision that writes to its input throws.
 */
export class Script {
  readonly zeroMs = 1_800_000_000_000;
  nowMs = this.zeroMs;
  life: Life;
  /** Everything decided since the last look. */
  effects: Effect[] = [];

  constructor(differences: Partial<Terms> = {}) {
    this.life = deepFreeze(newLife({ ...terms, ...differences }));
  }

  /** A second script that goes its own way from here. */
  fork(): Script {
    const fork = new Script();
    fork.life = this.life;
    fork.nowMs = this.nowMs;
    return fork;
  }

  after(delayMs: number): this {
    this.nowMs += delayMs;
    return this;
  }

  decide(happening: Happening): Decision {
    const decision = decide(this.life, deepFreeze(happening), this.nowMs);
    this.life = deepFreeze(decision.life);
    this.effects.push(...decision.effects);
    return decision;
  }

  happen(...happenings: Happening[]): this {
    for (const happening of happenings) this.decide(happening);
    return this;
  }

  reply(happening: Happening): Reply {
    const { reply } = this.decide(happening);
    assert.ok(reply, `${happening.type} got no reply`);
    return reply;
  }

  opened(...extensions: string[]): this {
    return this.happen({ type: 'open' }, { type: 'booted', extensions });
  }

  registered(name: string, ...events: string[]): this {
    assert.equal(this.reply({ type: 'register', name, events, id: `id of ${name}` }).kind, 'registered');
    return this;
  }

  asksNext(...names: string[]): this {
    for (const name of names) {
      const reply = this.reply(
        name === 'runtime' ? { type: 'runtimeNext' } : { type: 'extensionNext', name, repolls: false },
      );
      assert.equal(reply.kind, 'wait', `the next of ${name} was ${JSON.stringify(reply)}`);
    }
    return this;
  }

  invoked(requestId: string): this {
    return this.happen({ type: 'invoke', requestId, traceId: `Root=${requestId}` });
  }

  answered(requestId: string, bytes = 2): this {
    return this.happen({ type: 'answerBegun', requestId, kind: 'response' }, { type: 'answerDone', bytes });
  }

  exits(name: string, code: number): this {
    const status = { code };
    return this.happen(
      name === 'runtime' ? { type: 'runtimeExited', status } : { type: 'extensionExited', name, status },
    );
  }

  due(timer: 'init' | 'invoke' | 'runtimeStop' | 'shutdown'): this {
    return this.happen({ type: 'deadline', timer });
  }

  ended(): this {
    return this.happen({ type: 'generationEnded' });
  }

  /** Initialised, with these extensions and their events; a name that starts with `internal` is one. */
  idle(extensions: Readonly<Record<string, readonly string[]>> = {}): this {
    const names = Object.keys(extensions);
    const [internals, externals] = [names.filter(isInternal), names.filter((name) => !isInternal(name))];
    this.happen({ type: 'open' });
    this.happen({ type: 'booted', extensions: externals });
    for (const name of [...externals, ...internals]) this.registered(name, ...(extensions[name] ?? []));
    this.asksNext('runtime', ...names);
    this.look();
    return this;
  }

  /** Forgets what followed so far. */
  look(): Effect[] {
    const effects = this.effects;
    this.effects = [];
    return effects;
  }

  /** In a few words: the platform events told since the last look. */
  story(): string[] {
    return this.#words((effect) => effect.do === 'tell' && effect.event.type.startsWith('platform.'));
  }

  /** In a few words: what was to be done since the last look, without telling and disarming. */
  deeds(): string[] {
    return this.#words((effect) => effect.do !== 'tell' && effect.do !== 'disarm');
  }

  /** The only event of this type told since the last look. */
  told<Type extends Told['type']>(type: Type): RecordOf<Type> {
    const events = this.effects.flatMap((effect) =>
      effect.do === 'tell' && effect.event.type === type ? [effect.event] : [],
    );
    assert.equal(events.length, 1, `${type} was told ${events.length} times`);
    const record: unknown = events[0]?.record;
    return record as RecordOf<Type>;
  }

  #words(filter: (effect: Effect) => boolean): string[] {
    return this.effects.filter(filter).map((effect) => effectInWords(effect, this.zeroMs));
  }
}

type RecordOf<Type> = Extract<Told, { type: Type }>['record'];

function isInternal(name: string): boolean {
  return name.startsWith('internal');
}
