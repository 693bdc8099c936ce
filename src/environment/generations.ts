import { maxInnerApiConnections, maxOpenFiles, maxProcesses } from '../domain/limits.ts';
import type { Happening } from '../lifecycle/happening.ts';
import type { Sandbox } from '../sandbox/driver.ts';
import type { TelemetryDelivery } from '../telemetry/subscriptions/deliverer.ts';
import type { EnvironmentParts } from './environment-parts.ts';
import { Freezer } from './freezer.ts';
import { Generation } from './generation.ts';
import type { InnerApiTenant } from './inner-api/server.ts';
import type { Lifeline } from './lifeline.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { Programs } from './programs.ts';
import { RefusedCalls } from './refused-calls.ts';
import { runtimeNotices } from './runtime-notices.ts';
import type { Storyteller } from './storyteller.ts';

export interface GenerationsParts {
  readonly environment: EnvironmentParts;
  readonly programs: Programs;
  readonly metadataToken: string;
  readonly story: Storyteller;
  readonly telemetry: TelemetryDelivery;
  readonly memory: MemoryWatch;
}

/** The generations of one environment, one after another, in the sandbox that outlives them. */
export class Generations {
  readonly #parts: GenerationsParts;
  /** Said once, before anything runs. */
  readonly #notices: string[];
  readonly #refusedCalls: RefusedCalls;
  readonly #freezer: Freezer;
  #sandbox: Sandbox | undefined;
  #detach: (() => void) | undefined;
  #current: Generation | undefined;
  #lifeline: Lifeline | undefined;
  /** The latest boot; settles, and never rejects. */
  #booting: Promise<Happening> | undefined;

  constructor(parts: GenerationsParts) {
    const { spec, mounts, notices } = parts.environment;
    this.#parts = parts;
    this.#refusedCalls = new RefusedCalls((subject, message) => parts.story.say(subject, message));
    this.#notices = [...(notices ?? []), ...runtimeNotices(spec, mounts)];
    this.#freezer = this.#newFreezer(parts);
  }

  /** The latest; undefined before the sandbox was there for one. */
  get current(): Generation | undefined {
    return this.#current;
  }

  /** Of the latest boot. */
  get lifeline(): Lifeline | undefined {
    return this.#lifeline;
  }

  /** The sandbox's; empty before there is one. */
  get address(): string {
    return this.#sandbox?.address ?? '';
  }

  /** @returns what came of it. */
  boot(lifeline: Lifeline): Promise<Happening> {
    this.#lifeline = lifeline;
    this.#booting = this.#boot(lifeline);
    return this.#booting;
  }

  freeze(): void {
    this.#freezer.freeze();
  }

  thaw(): void {
    this.#freezer.thaw();
  }

  /** Kills everything that runs. */
  async end(): Promise<Happening> {
    const { memory, story, telemetry } = this.#parts;
    this.#freezer.forget();
    memory.pause();
    // What is half way through being made has to be there before it can be taken back.
    await this.#booting;
    try {
      await this.#sandbox?.endGeneration();
      // Only now: a process that saw its poll torn off would still get to complain about it.
      this.#current?.innerApis.abandon();
      await this.#current?.processes.allExited();
    } catch (error) {
      story.say('environment', (error as Error).message);
    }
    telemetry.endGeneration(this.#lifeline?.life().ending?.why ?? 'shutdown');
    return { type: 'generationEnded' };
  }

  /** The last one has ended. */
  async close(): Promise<void> {
    this.#detach?.();
    await this.#sandbox?.close();
  }

  #newFreezer({ memory, telemetry }: GenerationsParts): Freezer {
    return new Freezer({
      freeze: () => {
        memory.pause();
        telemetry.freeze();
        this.#sandbox?.freeze();
      },
      thaw: () => {
        this.#sandbox?.thaw();
        telemetry.thaw();
        memory.resume();
      },
      onFailure: (error) =>
        this.#lifeline?.happen({ type: 'sandboxFailed', message: (error as Error).message }),
    });
  }

  async #boot(lifeline: Lifeline): Promise<Happening> {
    const { environment, programs, metadataToken, story, telemetry, memory } = this.#parts;
    const { spec } = environment;
    try {
      const sandbox = this.#sandbox ?? (await this.#openSandbox());
      const extensionsEnabled = programs.hasExtensions();
      this.#current = new Generation({
        spec,
        sandbox,
        programs,
        metadataToken,
        extensionsEnabled,
        story,
        telemetry,
        lifeline,
        refusedCalls: this.#refusedCalls,
      });
      await sandbox.boot();
      memory.begin(sandbox);
      for (const notice of this.#notices.splice(0)) story.say('runtime', notice);
      if (lifeline.holds() && !lifeline.life().ending) memory.resume();
      return { type: 'booted', extensions: extensionsEnabled ? programs.extensions() : [] };
    } catch (error) {
      return { type: 'sandboxFailed', message: (error as Error).message };
    }
  }

  async #openSandbox(): Promise<Sandbox> {
    const { id, spec, mounts, cpus, egress, sandboxes, innerApis } = this.#parts.environment;
    this.#sandbox = await sandboxes.open({
      id,
      mounts,
      memoryMiB: spec.memoryMiB,
      ...(cpus !== undefined && { cpus }),
      ephemeralStorageMiB: spec.ephemeralStorageMiB,
      maxProcesses,
      maxOpenFiles,
      egress,
    });
    this.#detach = innerApis.attach(this.#sandbox.address, this.#tenant());
    return this.#sandbox;
  }

  #tenant(): InnerApiTenant {
    const generation = () => this.#lifeline?.life().generation ?? 0;
    return {
      get generation() {
        return generation();
      },
      serve: (req, res) => {
        if (this.#current) this.#current.innerApis.serve(req, res);
        else req.socket.destroy();
      },
      onTooManyConnections: () =>
        this.#current?.sayOnce(
          'environment',
          `more than ${maxInnerApiConnections} connections to the inner APIs at once were refused; keep one connection and reuse it`,
        ),
    };
  }
}
