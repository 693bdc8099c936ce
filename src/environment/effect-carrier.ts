import { randomBytes } from 'node:crypto';
import type { Fault } from '../domain/fault.ts';
import type { Invocation } from '../domain/invocation.ts';
import type { Decision } from '../lifecycle/decide.ts';
import type { Effect } from '../lifecycle/effect.ts';
import type { Happening, Timer } from '../lifecycle/happening.ts';
import type { Life } from '../lifecycle/life.ts';
import type { TelemetryDelivery } from '../telemetry/subscriptions/deliverer.ts';
import { isOfExtension } from './diagnosis.ts';
import type { EnvironmentParts } from './environment-parts.ts';
import type { Generation } from './generation.ts';
import { Generations } from './generations.ts';
import { launchExtension } from './launch-extension.ts';
import type { Lifeline } from './lifeline.ts';
import { MemoryWatch } from './memory-watch.ts';
import { openTelemetry } from './open-telemetry.ts';
import { Programs } from './programs.ts';
import { startRuntime } from './start-runtime.ts';
import { Storyteller } from './storyteller.ts';
import { Timers } from './timers.ts';
import { type Running, UnderwayInvocation } from './underway-invocation.ts';

/** Carries out what `lifecycle/` decides. What comes of it, it says through the lifeline of the generation concerned. */
export class EffectCarrier {
  readonly #parts: EnvironmentParts;
  /** Of the generation that is booted next. */
  readonly #newLifeline: () => Lifeline;
  readonly #programs: Programs;
  readonly #telemetry: TelemetryDelivery;
  readonly #story: Storyteller;
  readonly #memory = new MemoryWatch();
  readonly #generations: Generations;
  readonly #timers: Timers;
  readonly #opened = Promise.withResolvers<Fault | undefined>();
  readonly #closed = Promise.withResolvers<void>();
  #invocation: UnderwayInvocation | undefined;

  constructor(
    parts: EnvironmentParts,
    { newLifeline, onDue }: { newLifeline: () => Lifeline; onDue: (timer: Timer) => void },
  ) {
    const { spec, clock, tell } = parts;
    const metadataToken = randomBytes(32).toString('hex');
    this.#parts = parts;
    this.#newLifeline = newLifeline;
    this.#programs = new Programs(parts, metadataToken);
    this.#telemetry = openTelemetry({
      clock,
      logFormat: spec.logging.format,
      address: () => this.#generations.address,
      tell,
    });
    this.#story = new Storyteller({ spec, clock, tell, telemetry: this.#telemetry });
    this.#generations = new Generations({
      environment: parts,
      programs: this.#programs,
      metadataToken,
      story: this.#story,
      telemetry: this.#telemetry,
      memory: this.#memory,
    });
    this.#timers = new Timers(clock, onDue);
  }

  /** Resolves when the Init that was asked for is over, with its fault. */
  get opened(): Promise<Fault | undefined> {
    return this.#opened.promise;
  }

  /** Resolves when every process is gone and the sandbox is given back. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** The invocation that the effects are about from now on, until it has settled. */
  take(invocation: Invocation): Running {
    this.#invocation = new UnderwayInvocation(invocation);
    return this.#invocation.running;
  }

  /** In the order decided; readers hear of it at the end. */
  carryOut({ life, effects }: Decision, before: Life): void {
    for (const effect of effects) this.#carryOut(effect, life, before);
    this.#story.tellKept();
    const closing = before.subscriptionOpen && !life.subscriptionOpen;
    if (closing && !life.ending) this.#telemetry.endHistory();
  }

  #carryOut(effect: Effect, life: Life, before: Life): void {
    const generations = this.#generations;
    const generation = generations.current;
    switch (effect.do) {
      case 'boot':
        this.#follow(generations.boot(this.#newLifeline()));
        return;
      case 'launchExtensions':
        for (const name of effect.names) this.#follow(launchExtension(name, this.#starting(generation!)));
        return;
      case 'startRuntime':
        this.#follow(startRuntime(this.#starting(generation!)));
        return;
      case 'deliverInvoke':
        this.#invocation!.deliver(effect, generation!.innerApis);
        return;
      case 'deliverShutdown':
        generation?.innerApis.extensionsApi.deliverShutdown(
          effect.extension,
          effect.reason,
          effect.deadlineMs,
        );
        return;
      case 'answer':
        this.#invocation?.answer(effect.fault, life, generation?.innerApis.runtimeApi);
        return;
      case 'settle':
        this.#invocation?.settle(effect.fault);
        this.#invocation = undefined;
        return;
      case 'initDone':
        this.#opened.resolve(effect.fault);
        return;
      case 'arm':
        this.#timers.arm(effect.timer, effect.atMs);
        return;
      case 'disarm':
        this.#timers.disarm(effect.timer);
        return;
      case 'freeze':
        generations.freeze();
        return;
      case 'thaw':
        generations.thaw();
        return;
      case 'signal':
        generation?.processes.signal(effect.process, effect.signal);
        return;
      case 'endGeneration':
        this.#follow(generations.end());
        return;
      case 'tell':
        this.#story.keep(this.#memory.complete(effect.event));
        return;
      case 'diagnose':
        this.#diagnose(effect.fault, before, generation);
        return;
      case 'diagnoseOverdue': {
        const { extension, shutdownGiven } = effect;
        this.#story.keepFinding(extension, generation!.diagnoseOverdue(extension, shutdownGiven));
        return;
      }
      case 'close':
        this.#timers.clear();
        this.#telemetry.close();
        this.#closed.resolve(generations.close());
        return;
    }
  }

  /** What comes of a deed that takes time is heard by the generation it was done for. */
  #follow(deed: Promise<Happening | undefined>): void {
    const { lifeline } = this.#generations;
    void deed.then((happening) => happening && lifeline?.happen(happening));
  }

  #starting({ processes }: Generation) {
    return { processes, programs: this.#programs, story: this.#story, mounts: this.#parts.mounts };
  }

  #diagnose(fault: Fault, before: Life, generation: Generation | undefined): void {
    const words = generation?.diagnose(fault, before, this.#memory.oomKills) ?? [fault.message];
    if (this.#invocation && isOfExtension(fault, before)) this.#invocation.diagnosis = words;
    for (const message of words) this.#story.keepFinding(fault.subject, message);
  }
}
