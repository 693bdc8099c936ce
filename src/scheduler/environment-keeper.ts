import { accepts } from '../lifecycle/decide.ts';
import type { Condition } from './dispatcher.ts';
import type { Member } from './entries.ts';
import type { MadeEnvironment, MakeEnvironment } from './managed-environment.ts';

export interface KeeperEvents {
  /** Open, and Init is behind it. `faultType`: of an Init that failed. */
  readonly onStarted: (member: Member, made: MadeEnvironment, faultType?: string) => void;
  readonly onStartFailed: (member: Member, error: Error) => void;
  readonly onClosed: (member: Member) => void;
  readonly onWarning: (message: string) => void;
}

/** Makes, opens and closes environments: one for each member, from its start to its end. */
export class EnvironmentKeeper {
  readonly #make: MakeEnvironment;
  readonly #events: KeeperEvents;
  readonly #made = new Map<Member, MadeEnvironment>();
  /** Everything is to end at once, what is still being made included. */
  #isKilling = false;

  constructor(make: MakeEnvironment, events: KeeperEvents) {
    this.#make = make;
    this.#events = events;
  }

  /** Undefined while it is being made. */
  get(member: Member): MadeEnvironment | undefined {
    return this.#made.get(member);
  }

  condition(member: Member): Condition {
    const phase = this.#made.get(member)?.environment.phase;
    return {
      isReady: phase !== undefined && accepts(phase, 'invoke'),
      isInitialised: phase === 'Idle',
    };
  }

  async start(member: Member): Promise<void> {
    let made: MadeEnvironment;
    try {
      made = await this.#make(member.version);
    } catch (error) {
      this.#events.onStartFailed(member, asError(error));
      this.#events.onClosed(member);
      return;
    }
    this.#made.set(member, made);
    this.#awaitEnd(member, made);
    if (member.state === 'closing') {
      this.shutdown(member);
      return;
    }
    try {
      const fault = await made.environment.open();
      // A host that cannot isolate: there is nothing for a second Init to try again in.
      if (fault?.type === 'Sandbox.Failure' || !this.condition(member).isReady)
        throw new Error(fault?.message ?? 'it closed by itself while it started');
      this.#events.onStarted(member, made, fault?.type);
    } catch (error) {
      this.#events.onStartFailed(member, asError(error));
    }
  }

  /** In order, with SHUTDOWN to the extensions. One that is still being made ends as soon as it is there. */
  shutdown(member: Member): void {
    const environment = this.#made.get(member)?.environment;
    // Whoever waits for its end hears of a failure to end it.
    const end = this.#isKilling ? environment?.kill() : environment?.shutdown();
    end?.catch(() => {});
  }

  killAll(): void {
    this.#isKilling = true;
    for (const member of this.#made.keys()) this.shutdown(member);
  }

  async #awaitEnd(member: Member, { environment, id }: MadeEnvironment): Promise<void> {
    try {
      await environment.closed;
    } catch (error) {
      const what = `environment ${id} of ${member.version.functionName} could not be cleared away`;
      this.#events.onWarning(
        `${what}: ${asError(error).message}. The next start of Thaw clears what it left.`,
      );
    }
    this.#made.delete(member);
    this.#events.onClosed(member);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
