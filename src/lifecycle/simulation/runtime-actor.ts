import type { Fault } from '../../domain/fault.ts';
import type { Reply } from '../effect.ts';
import type { Call } from '../happening.ts';
import { runtimeProcess } from '../life.ts';
import type { RuntimeFlaw } from './cast.ts';
import type { Delivered, Process } from './process.ts';
import type { World } from './world.ts';

/** Whoever speaks the Runtime API: the runtime itself, or an extension that does so in its place. */
export class RuntimeActor {
  readonly #world: World;
  readonly #process: Process;
  readonly #flaw: RuntimeFlaw | undefined;

  constructor(world: World, process: Process, flaw: RuntimeFlaw | undefined) {
    this.#world = world;
    this.#process = process;
    this.#flaw = flaw;
  }

  begin(): void {
    if (this.#process.name === runtimeProcess) {
      this.#process.onSigterm = () => {
        if (this.#flaw !== 'ignores SIGTERM') this.#exitSoon(0, 400);
      };
    }
    this.#later(10, () => this.#call({ type: 'functionInit' }));
    this.#later(this.#flaw === 'slow' ? 15_000 : 60, () => this.#loaded());
  }

  #loaded(): void {
    if (this.#flaw === 'never asks for next at first') return;
    if (this.#flaw === 'reports an init error') {
      this.#call({ type: 'runtimeInitError', fault: reported });
      this.#exitSoon(1);
      return;
    }
    this.#next();
  }

  #next(): void {
    if (this.#slips()) return;
    this.#call({ type: 'runtimeNext' }, (event) => this.#given(event));
    if (this.#flaw === 'repeats next') this.#later(20, () => this.#call({ type: 'runtimeNext' }, () => {}));
  }

  #given(event: Delivered): void {
    if (event.kind !== 'INVOKE' || this.#slips()) return;
    const { requestId } = event;
    this.#later(this.#flaw === 'slow' ? 2 * this.#world.cast.terms.functionTimeoutMs : 30, () => {
      if (this.#flaw === 'never answers') return;
      if (this.#flaw === 'answers with a wrong id') this.#answer('no-such-invocation');
      this.#answer(requestId);
    });
  }

  #answer(requestId: string): void {
    const kind = this.#world.random.chance(0.9) ? 'response' : 'error';
    this.#call({ type: 'answerBegun', requestId, kind }, undefined, (reply) => {
      if (reply.kind !== 'accepted') {
        this.#later(3, () => this.#next());
        return;
      }
      this.#process.answering = true;
      this.#later(5, () => this.#finishAnswer(requestId, kind));
    });
  }

  #finishAnswer(requestId: string, kind: 'response' | 'error'): void {
    const { random } = this.#world;
    if (this.#slips()) return;
    this.#process.answering = false;
    if (this.#flaw === 'answers too much' && random.chance(0.5)) {
      this.#call({ type: 'answerFailed', fault: tooLarge });
    } else this.#call({ type: 'answerDone', bytes: random.whole(0, 1000) });
    if (this.#flaw === 'answers twice') this.#call({ type: 'answerBegun', requestId, kind });
    if (this.#flaw === 'never asks for next' && random.chance(0.5)) return;
    this.#later(3, () => this.#next());
  }

  /** True where it went away instead of doing what comes next. */
  #slips(): boolean {
    if (!this.#world.random.chance(0.25)) return false;
    if (this.#flaw === 'crashes') this.#exitSoon(1);
    else if (this.#flaw === 'exits zero') this.#exitSoon(0);
    else return false;
    return true;
  }

  #exitSoon(code: number, maxMs = 5): void {
    this.#later(maxMs, () => this.#world.sandbox.exit(this.#process, { code }));
  }

  #later(maxMs: number, deed: () => void): void {
    this.#world.sandbox.later(this.#process, this.#world.random.between(0, maxMs), deed);
  }

  #call(call: Call, onEvent?: (event: Delivered) => void, then?: (reply: Reply) => void): void {
    this.#world.call(this.#process, call, then, onEvent);
  }
}

const reported: Fault = { type: 'Runtime.NoSuchHandler', subject: 'runtime', message: 'no handler' };
const tooLarge: Fault = {
  type: 'Function.ResponseSizeTooLarge',
  subject: 'runtime',
  message: 'Response payload size exceeded maximum allowed payload size',
};
