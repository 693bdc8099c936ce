import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import { describeExit, type ExitStatus } from '../domain/exit-status.ts';
import type { Fault } from '../domain/fault.ts';
import type { ProcessUsage } from '../domain/story.ts';
import type { Reply } from '../lifecycle/effect.ts';
import { type Life, runtimeProcess } from '../lifecycle/life.ts';
import type { Sandbox } from '../sandbox/driver.ts';
import type { TelemetryDelivery } from '../telemetry/subscriptions/deliverer.ts';
import type { Subscription } from '../telemetry/subscriptions/subscription.ts';
import { diagnose, overdueWords } from './diagnosis.ts';
import { InnerApis } from './inner-api/inner-apis.ts';
import { LastOutput } from './last-output.ts';
import type { Lifeline } from './lifeline.ts';
import { Processes } from './processes.ts';
import type { Programs } from './programs.ts';
import type { RefusedCalls } from './refused-calls.ts';
import type { Storyteller } from './storyteller.ts';
import { watchVanishedPoll } from './vanished-poll.ts';

export interface GenerationParts {
  readonly spec: EnvironmentSpec;
  readonly sandbox: Sandbox;
  readonly programs: Programs;
  /** Of the metadata endpoint. */
  readonly metadataToken: string;
  /** False: the Extensions, Telemetry and Logs APIs do not exist. */
  readonly extensionsEnabled: boolean;
  readonly story: Storyteller;
  readonly telemetry: TelemetryDelivery;
  readonly lifeline: Lifeline;
  readonly refusedCalls: RefusedCalls;
}

/** Everything that begins with a boot and is gone after a reset: processes, registrations, polls, last output. */
export class Generation {
  readonly processes: Processes;
  readonly innerApis: InnerApis;
  readonly #parts: GenerationParts;
  readonly #output = new LastOutput();
  readonly #said = new Set<string>();

  constructor(parts: GenerationParts) {
    const { spec, sandbox, metadataToken, extensionsEnabled, story, telemetry, lifeline, refusedCalls } =
      parts;
    this.#parts = parts;
    this.processes = new Processes(sandbox, {
      onLine: (name, line, level) => {
        this.#output.add(name, line);
        story.tellLine(name, line, level);
      },
      onExit: (name, status, usage) => this.#exited(name, status, usage),
    });
    this.innerApis = new InnerApis({
      spec,
      metadataToken,
      extensionsEnabled,
      life: lifeline.life,
      happen: (call) => lifeline.happen(call) ?? goneReply,
      onVanished: (name) => this.#watchVanishedPoll(name),
      onRefused: (refused) => {
        // Who is being stopped finds much refused, and nobody has to do anything about it.
        if (lifeline.holds() && !lifeline.life().ending) refusedCalls.note(refused);
      },
      outcomeOf: (name, subscription) => telemetry.outcomeOf(name, subscription),
      onSubscribed: (name, subscription) => this.#subscribed(name, subscription),
      onError: (error) => story.say('environment', `inner API: ${(error as Error).stack ?? error}`),
    });
  }

  /** For findings that could come again and again, of which there are only a few kinds. */
  sayOnce(subject: string, message: string): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#parts.story.say(subject, message);
  }

  /**
   * Plain words for a fault, by what this generation's processes did and said.
   *
   * @param before the life as it was before the fault changed it.
   * @param oomKills of this generation.
   */
  diagnose(fault: Fault, before: Life, oomKills: number): readonly string[] {
    const { spec, programs } = this.#parts;
    const { extensionsApi } = this.innerApis;
    return diagnose(fault, {
      life: before,
      lastLinesOf: (process) => this.#output.of(process, this.processes.unfinishedLines(process)),
      files: programs.files,
      bootstrap: programs.bootstrap(),
      memoryMiB: spec.memoryMiB,
      oomKills,
      isUnheard: (name) => extensionsApi.isUnheard(name),
      refusedNames: [...extensionsApi.refusedNames],
    });
  }

  /** @param shutdownGiven its event was delivered, or is due to a poll that is gone. */
  diagnoseOverdue(extension: string, shutdownGiven: boolean): string {
    return overdueWords(extension, shutdownGiven && !this.innerApis.extensionsApi.isUnheard(extension));
  }

  #exited(name: string, status: ExitStatus, usage: ProcessUsage | undefined): void {
    const { lifeline, story } = this.#parts;
    if (!lifeline.holds()) return;
    story.tellProcess(name, 'exited', { detail: describeExit(status), ...(usage && { usage }) });
    lifeline.happen(
      name === runtimeProcess ? { type: 'runtimeExited', status } : { type: 'extensionExited', name, status },
    );
  }

  #watchVanishedPoll(name: string): void {
    const { processes, innerApis } = this;
    const { lifeline } = this.#parts;
    watchVanishedPoll(name, { lifeline, processes, innerApis }, (message) => this.sayOnce(name, message));
  }

  #subscribed(name: string, subscription: Subscription): void {
    const { sandbox, story, telemetry } = this.#parts;
    telemetry.subscribe(name, subscription);
    // Its listener is on the loopback interface; a delivery that comes before the way is open is tried again.
    sandbox.reachLoopback().catch((error) => story.say(name, (error as Error).message));
  }
}

/** For a request that outlived its generation; nobody reads it. */
const goneReply: Reply = {
  kind: 'refused',
  status: 403,
  errorType: 'InvalidStateTransition',
  errorMessage: 'The environment this request belongs to is gone',
};
