import type { Reply } from '../effect.ts';
import type { Call } from '../happening.ts';
import type { ExtensionPart } from './cast.ts';
import type { Delivered, Process } from './process.ts';
import { RuntimeActor } from './runtime-actor.ts';
import type { World } from './world.ts';

/** One extension, living in a process of its own or, as an internal one, in the runtime's. */
export class ExtensionActor {
  readonly #world: World;
  readonly #part: ExtensionPart;
  readonly #process: Process;
  #name: string;
  #polling = false;

  constructor(world: World, part: ExtensionPart, process: Process) {
    this.#world = world;
    this.#part = part;
    this.#process = process;
    this.#name = part.name;
  }

  begin(): void {
    if (this.#has('stands in for the runtime')) {
      new RuntimeActor(this.#world, this.#process, undefined).begin();
    }
    if (this.#has('never registers')) return;
    this.#later(30, () => this.#register());
  }

  #register(): void {
    if (this.#slips()) return;
    this.#name = this.#nameToUse();
    const { events } = this.#part;
    const id = `${this.#name} of ${this.#world.sandbox.generation}`;
    this.#call({ type: 'register', name: this.#name, events, id }, (reply) => {
      if (reply.kind === 'registered') this.#later(30, () => this.#registered());
      else if (this.#part.kind === 'external') this.#exitSoon(1);
    });
  }

  #nameToUse(): string {
    const { random, cast } = this.#world;
    if (this.#has('wrong name')) return `${this.#part.name}.sh`;
    return this.#has('impostor') ? random.pick(cast.extensions).name : this.#part.name;
  }

  #registered(): void {
    if (this.#has('reports an init error')) {
      this.#call({
        type: 'extensionInitError',
        name: this.#name,
        errorType: 'Extension.ConfigInvalid',
        detail: '',
      });
      // It ought to exit now; some do not.
      if (this.#world.random.chance(0.5)) this.#exitSoon(1);
      return;
    }
    this.#finished();
  }

  /** Done with whatever it was given; asks for more. */
  #finished(): void {
    if (this.#slips()) return;
    const { random } = this.#world;
    if (this.#has('never asks for next') && random.chance(0.5)) return;
    if (this.#has('reports an exit error') && random.chance(0.4)) {
      this.#call({
        type: 'extensionExitError',
        name: this.#name,
        errorType: 'Extension.Gone',
        detail: 'tired',
      });
      if (random.chance(0.5)) this.#exitSoon(1);
      return;
    }
    this.#polling = true;
    this.#world.extensionNext(this.#process, this.#name, (event) => this.#given(event));
    this.#whilePolling();
  }

  #whilePolling(): void {
    if (this.#has('polls in parallel')) {
      this.#later(20, () => {
        this.#world.extensionNext(this.#process, this.#name, (event) => this.#given(event));
        this.#call({ type: 'register', name: this.#name, events: [], id: 'again' });
        this.#call({ type: 'extensionInitError', name: this.#name, errorType: 'late', detail: '' });
      });
    }
    if (this.#has('loses its poll') && this.#world.random.chance(0.5)) {
      this.#later(50, () => {
        if (!this.#polling) return;
        this.#world.losePoll(this.#name);
        this.#later(50, () => this.#finished());
      });
    }
  }

  #given(event: Delivered): void {
    this.#polling = false;
    if (event.kind === 'SHUTDOWN') this.#shutDown();
    else this.#later(this.#workMs(), () => this.#finished());
  }

  #shutDown(): void {
    if (this.#has('ignores SHUTDOWN')) return;
    this.#later(this.#has('slow') ? 4000 : 100, () => {
      if (this.#has('asks for next after SHUTDOWN')) this.#finished();
      else this.#exitSoon(this.#world.random.chance(0.9) ? 0 : 1);
    });
  }

  #workMs(): number {
    return this.#has('slow') ? 2 * this.#world.cast.terms.functionTimeoutMs : 20;
  }

  /** True where it went away instead of doing what comes next. */
  #slips(): boolean {
    const { random } = this.#world;
    if (this.#part.kind === 'internal') return false;
    if (this.#has('crashes') && random.chance(0.3)) this.#exitSoon(2);
    else if (this.#has('exits zero') && random.chance(0.3)) this.#exitSoon(0);
    else return false;
    return true;
  }

  #exitSoon(code: number): void {
    if (this.#part.kind === 'internal') return;
    this.#later(5, () => this.#world.sandbox.exit(this.#process, { code }));
  }

  #has(flaw: NonNullable<ExtensionPart['flaw']>): boolean {
    return this.#part.flaw === flaw;
  }

  #later(maxMs: number, deed: () => void): void {
    this.#world.sandbox.later(this.#process, this.#world.random.between(0, maxMs), deed);
  }

  #call(call: Call, then?: (reply: Reply) => void): void {
    this.#world.call(this.#process, call, then);
  }
}
