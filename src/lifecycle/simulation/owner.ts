import { accepts } from '../decide.ts';
import type { Life } from '../life.ts';
import type { Audience, World } from './world.ts';

/** Opens the environment, invokes it when it can take an invocation, and closes it: in the end, or out of the blue. */
export class Owner implements Audience {
  readonly #world: World;
  #invoked = 0;
  #waiting = false;

  constructor(world: World) {
    this.#world = world;
  }

  begin(): void {
    const { agenda, cast, random } = this.#world;
    for (const { order, afterMs } of cast.interruptions) {
      agenda.after(afterMs, () => this.#world.happen({ type: order }));
    }
    for (const { what, afterMs } of cast.accidents) {
      agenda.after(afterMs, () => {
        if (!this.#world.sandbox.lives) return;
        if (what === 'sandbox') this.#world.happen({ type: 'sandboxFailed', message: 'the cgroup is gone' });
        else if (this.#world.sandbox.processes.length > 0) {
          this.#world.sandbox.exit(random.pick(this.#world.sandbox.processes), { signal: 'SIGKILL' });
        }
      });
    }
    agenda.after(random.between(0, 5), () => {
      if (accepts(this.#world.life.phase, 'open')) this.#world.happen({ type: 'open' });
    });
  }

  /** Whenever the environment is free, the next thing is asked of it, at once or after a while. */
  settled(life: Life): void {
    if (this.#waiting || !accepts(life.phase, 'invoke')) return;
    this.#waiting = true;
    const { agenda, random } = this.#world;
    agenda.after(random.chance(0.4) ? 0 : random.between(0, 400), () => this.#ask());
  }

  #ask(): void {
    this.#waiting = false;
    const { life, cast, random } = this.#world;
    if (!accepts(life.phase, 'invoke')) return;
    if (this.#invoked < cast.invocations) {
      this.#invoked += 1;
      const requestId = `request-${this.#invoked}`;
      this.#world.happen({ type: 'invoke', requestId, traceId: `Root=1-${this.#invoked}` });
    } else this.#world.happen({ type: random.chance(0.9) ? 'shutdown' : 'kill' });
  }
}
