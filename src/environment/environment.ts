import { randomBytes } from 'node:crypto';
import { listExtensions } from '../artifacts/list-extensions.ts';
import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import { describeExit, type ExitStatus } from '../domain/exit-status.ts';
import type { Fault } from '../domain/fault.ts';
import type { Invocation, InvocationResult } from '../domain/invocation.ts';
import {
  initTimeoutMs,
  maxExtensions,
  maxInnerApiConnections,
  maxOpenFiles,
  maxProcesses,
  shutdownBudgetMs,
} from '../domain/limits.ts';
import type { LogLevel } from '../domain/logging.ts';
import type { MountPlan } from '../domain/mount-plan.ts';
import { hasExtensions, isOsOnly } from '../domain/runtime-id.ts';
import type { ProcessUsage, StoryEvent } from '../domain/story.ts';
import type { Clock } from '../foundation/clock.ts';
import { accepts, decide } from '../lifecycle/decide.ts';
import type { Effect, Reply, Told } from '../lifecycle/effect.ts';
import type { Call, Happening } from '../lifecycle/happening.ts';
import { type Life, newLife, type Phase, runtimeProcess } from '../lifecycle/life.ts';
import { type Sandbox, type SandboxHost, StartError } from '../sandbox/driver.ts';
import { statedLevel } from '../telemetry/logging/stated-level.ts';
import type { TelemetryDelivery } from '../telemetry/subscriptions/deliverer.ts';
import type { Subscription } from '../telemetry/subscriptions/subscription.ts';
import { bootstrapPath, missingBootstrap, unstartableRuntime } from './bootstrap-path.ts';
import { diagnose, overdueWords } from './diagnosis.ts';
import { hasFramedLogs } from './family-variables.ts';
import { faultResult, postedResult } from './fault-answer.ts';
import { Generation } from './generation.ts';
import type { InnerApiServer } from './inner-api/server.ts';
import { MemoryWatch } from './memory-watch.ts';
import { openTelemetry } from './open-telemetry.ts';
import { runtimeNotices } from './runtime-notices.ts';
import { SandboxFiles } from './sandbox-files.ts';
import { Timers } from './timers.ts';
import { extensionVariables, runtimeVariables } from './variables.ts';

export interface EnvironmentParts {
  /** Unique among the live environments of this process; `[a-z0-9-]{1,32}`. */
  readonly id: string;
  readonly spec: EnvironmentSpec;
  readonly mounts: MountPlan;
  readonly cpus?: number;
  readonly egress: boolean;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** `http://host:port` of a service whose API the credentials open; where there is one. */
  readonly serviceUrl?: string;
  /** What INIT_START names; managed runtimes only. */
  readonly runtimeVersion?: { readonly name: string; readonly arn: string };
  /** What whoever reads the log has to know of how it was made. */
  readonly notices?: readonly string[];
  readonly sandboxes: SandboxHost;
  readonly innerApis: InnerApiServer;
  readonly clock: Clock;
  /** The one place to which this environment tells its story. */
  readonly tell: (event: StoryEvent) => void;
}

/** How an invocation goes on after its answer. */
export interface Running {
  /** As soon as the runtime has posted it, or the invocation has failed. */
  readonly answer: Promise<InvocationResult>;
  /** When extensions are done too (or a reset is): the environment can take the next invocation. */
  readonly settled: Promise<Fault | undefined>;
}

/**
 * One living execution environment. What it does is decided in `lifecycle/`; here the effects are carried out, in
 * the order decided. One invocation at a time.
 */
export class Environment {
  readonly #parts: EnvironmentParts;
  readonly #files: SandboxFiles;
  readonly #timers: Timers;
  readonly #closed = Promise.withResolvers<void>();
  readonly #opened = Promise.withResolvers<Fault | undefined>();
  #life: Life;
  #sandbox: Sandbox | undefined;
  #detach: (() => void) | undefined;
  #generation: Generation | undefined;
  /** The latest boot; settles, and never rejects. */
  #booting: Promise<void> | undefined;
  #invocation: UnderwayInvocation | undefined;
  /** What the decision being carried out has to tell, in order. */
  readonly #untold: StoryEvent[] = [];
  /** The diagnosis of the running flow's fault. */
  #diagnosis: readonly string[] = [];
  readonly #metadataToken = randomBytes(32).toString('hex');
  readonly #telemetry: TelemetryDelivery;
  readonly #memory = new MemoryWatch();
  /** Said once, before anything runs. */
  readonly #notices: string[];

  constructor(parts: EnvironmentParts) {
    this.#parts = parts;
    const { spec } = parts;
    this.#life = newLife({
      functionName: spec.functionName,
      functionVersion: spec.functionVersion,
      memorySizeMB: spec.memoryMiB,
      logStreamName: parts.logStreamName,
      ...(parts.runtimeVersion && { runtimeVersion: parts.runtimeVersion }),
      initTimeoutMs,
      functionTimeoutMs: spec.timeoutMs,
      maxExtensions,
      shutdownBudgetMs,
    });
    this.#files = new SandboxFiles(parts.mounts, this.#extensionVariables().PATH ?? '');
    this.#notices = [...(parts.notices ?? []), ...runtimeNotices(spec, parts.mounts)];
    this.#telemetry = openTelemetry({
      clock: parts.clock,
      logFormat: spec.logging.format,
      address: () => this.#sandbox?.address ?? '',
      tell: parts.tell,
    });
    this.#timers = new Timers(parts.clock, (timer) => this.#happen({ type: 'deadline', timer }));
  }

  get phase(): Phase {
    return this.#life.phase;
  }

  /** Resolves when every process is gone and the sandbox is given back. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Init ahead of an invocation. Resolves with the fault of an Init that failed: the next invocation tries again. */
  open(): Promise<Fault | undefined> {
    this.#require('open');
    this.#happen({ type: 'open' });
    return this.#opened.promise;
  }

  /** @throws where the environment is busy, closed or not opened. */
  invoke(invocation: Invocation): Running {
    this.#require('invoke');
    const answer = Promise.withResolvers<InvocationResult>();
    const settled = Promise.withResolvers<Fault | undefined>();
    this.#invocation = { invocation, answer, settled };
    this.#diagnosis = [];
    const { requestId, traceId } = invocation;
    this.#happen({ type: 'invoke', requestId, traceId });
    return { answer: answer.promise, settled: settled.promise };
  }

  /** The orderly end, with SHUTDOWN to the extensions. Whatever is under way fails. Idempotent. */
  shutdown(): Promise<void> {
    this.#happen({ type: 'shutdown' });
    return this.#closed.promise;
  }

  /** The end without ceremony. Idempotent. */
  kill(): Promise<void> {
    this.#happen({ type: 'kill' });
    return this.#closed.promise;
  }

  #require(order: 'open' | 'invoke'): void {
    if (accepts(this.#life.phase, order)) return;
    throw new Error(`environment ${this.#parts.id} cannot ${order} in phase ${this.#life.phase}`);
  }

  #happen(happening: Happening): Reply | undefined {
    const before = this.#life;
    const decision = decide(before, happening, this.#parts.clock());
    this.#life = decision.life;
    for (const effect of decision.effects) this.#carryOut(effect, before);
    this.#tellUntold();
    const closing = before.subscriptionOpen && !this.#life.subscriptionOpen;
    if (closing && !this.#life.ending) this.#telemetry.endHistory();
    return decision.reply;
  }

  /** To readers outside, and to the extensions that subscribed. */
  #tell(event: StoryEvent): void {
    this.#parts.tell(event);
    this.#telemetry.read(event);
    // What is left to deliver has the time of the ending, and no more.
    if (event.type === 'thaw.phase' && endings.has(event.record.phase)) this.#telemetry.flush();
  }

  /** Readers take time: first the deeds of a moment, so that an event is on its way before anybody reads of it. */
  #tellUntold(): void {
    for (const event of this.#untold.splice(0)) this.#tell(event);
  }

  /** What belongs to a generation that is gone is no longer anybody's business. */
  #happenIn(generation: number, happening: Happening): void {
    if (this.#lives(generation)) this.#happen(happening);
  }

  #call(generation: number, call: Call): Reply {
    const reply = this.#lives(generation) ? this.#happen(call) : undefined;
    return reply ?? goneReply;
  }

  /** Whether anything of this generation can still be running. */
  #lives(generation: number): boolean {
    return this.#life.generation === generation && !['New', 'Dormant', 'Closed'].includes(this.#life.phase);
  }

  #carryOut(effect: Effect, before: Life): void {
    const generation = this.#generation;
    switch (effect.do) {
      case 'boot':
        this.#booting = this.#boot(this.#life.generation);
        return;
      case 'launchExtensions':
        for (const name of effect.names) void this.#launchExtension(name, this.#life.generation);
        return;
      case 'startRuntime':
        void this.#startRuntime(this.#life.generation);
        return;
      case 'deliverInvoke':
        this.#deliverInvoke(effect.extensions, effect.deadlineMs);
        return;
      case 'deliverShutdown':
        generation?.extensionsApi.deliverShutdown(effect.extension, effect.reason, effect.deadlineMs);
        return;
      case 'answer':
        this.#answer(effect.fault);
        return;
      case 'settle':
        this.#invocation?.settled.resolve(effect.fault);
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
        this.#memory.pause();
        this.#telemetry.freeze();
        this.#sandbox?.freeze();
        return;
      case 'thaw':
        this.#sandbox?.thaw();
        this.#telemetry.thaw();
        this.#memory.resume();
        return;
      case 'signal':
        generation?.processes.signal(effect.process, effect.signal);
        return;
      case 'endGeneration':
        void this.#endGeneration();
        return;
      case 'tell':
        this.#untold.push(this.#withMemory(effect.event));
        return;
      case 'diagnose':
        this.#diagnose(effect.fault, before);
        return;
      case 'diagnoseOverdue':
        this.#diagnoseOverdue(effect.extension, effect.shutdownGiven);
        return;
      case 'close':
        void this.#close();
        return;
    }
  }

  async #boot(generation: number): Promise<void> {
    const { id, spec, mounts, cpus, egress, sandboxes, innerApis } = this.#parts;
    try {
      if (!this.#sandbox) {
        const sandbox = await sandboxes.open({
          id,
          mounts,
          memoryMiB: spec.memoryMiB,
          ...(cpus !== undefined && { cpus }),
          ephemeralStorageMiB: spec.ephemeralStorageMiB,
          maxProcesses,
          maxOpenFiles,
          egress,
        });
        this.#sandbox = sandbox;
        this.#detach = innerApis.attach(sandbox.address, this.#tenant());
      }
      const sandbox = this.#sandbox;
      const opt = mounts.mounts.find((mount) => mount.target === '/opt');
      const extensionsEnabled = hasExtensions(spec.runtime) && !this.#files.exists(disableExtensionsPath);
      const generationParts = {
        spec,
        sandbox,
        life: () => this.#life,
        metadataToken: this.#metadataToken,
        extensionsEnabled,
      };
      this.#generation = new Generation(generationParts, {
        happen: (call) => this.#call(generation, call),
        onVanished: (name) => this.#noteVanished(name, generation),
        outcomeOf: (name, subscription) => this.#telemetry.outcomeOf(name, subscription),
        onSubscribed: (name, subscription) => this.#subscribed(name, subscription),
        onError: (error) => this.#say('environment', `inner API: ${(error as Error).stack ?? error}`),
        onLine: (name, line, level) => this.#tellLine(name, line, level),
        onExit: (name, status, usage) => this.#exited(name, { status, usage }, generation),
      });
      await sandbox.boot();
      this.#memory.begin(sandbox);
      for (const notice of this.#notices.splice(0)) this.#say('runtime', notice);
      if (this.#lives(generation) && !this.#life.ending) this.#memory.resume();
      const extensions = opt && extensionsEnabled ? listExtensions(opt.sources) : [];
      this.#happenIn(generation, { type: 'booted', extensions });
    } catch (error) {
      this.#happenIn(generation, { type: 'sandboxFailed', message: (error as Error).message });
    }
  }

  async #launchExtension(name: string, generation: number): Promise<void> {
    const path = `/opt/extensions/${name}`;
    const env = this.#extensionVariables();
    try {
      await this.#generation?.processes.start(name, { path, argv: [path], env, cwd: '/' });
      this.#tellProcess(name, 'external', 'started');
    } catch (error) {
      if (error instanceof StartError) {
        this.#happenIn(generation, { type: 'launchFailed', name, code: error.code });
      } else this.#happenIn(generation, { type: 'sandboxFailed', message: (error as Error).message });
    }
  }

  async #startRuntime(generation: number): Promise<void> {
    const path = bootstrapPath(this.#parts.spec, this.#files);
    if (path === undefined) {
      // The effect is being carried out inside a decision; the next one has to wait for its turn.
      await Promise.resolve();
      this.#happenIn(generation, { type: 'runtimeStartFailed', fault: missingBootstrap() });
      return;
    }
    const env = runtimeVariables(this.#parts.spec, this.#platformVariables());
    try {
      await this.#generation?.processes.start(runtimeProcess, {
        path,
        argv: [path],
        env,
        cwd: '/var/task',
        logPipe: hasFramedLogs(this.#parts.spec.runtime),
      });
      this.#tellProcess('runtime', 'runtime', 'started');
    } catch (error) {
      if (error instanceof StartError) {
        const fault = unstartableRuntime(error, this.#files, this.#parts.mounts);
        this.#happenIn(generation, { type: 'runtimeStartFailed', fault });
      } else this.#happenIn(generation, { type: 'sandboxFailed', message: (error as Error).message });
    }
  }

  #deliverInvoke(extensions: readonly string[], deadlineMs: number): void {
    const { requestId, invokedFunctionArn, traceId } = this.#invocation!.invocation;
    for (const name of extensions) {
      const event = { requestId, invokedFunctionArn, traceId, deadlineMs };
      this.#generation?.extensionsApi.deliverInvoke(name, event);
    }
    this.#generation?.runtimeApi.deliver(this.#invocation!.invocation, deadlineMs);
  }

  #answer(fault: Fault | undefined): void {
    const underway = this.#invocation;
    if (!underway) return;
    const api = this.#generation?.runtimeApi;
    if (!fault && api?.posted) underway.answer.resolve(postedResult(underway.invocation, api.posted));
    else if (fault) {
      const initError = fault === this.#life.fault ? api?.initErrorBody : undefined;
      underway.answer.resolve(faultResult(underway.invocation, fault, this.#diagnosis, initError));
      api?.breakOff();
    } else throw new Error(`no answer was posted to ${underway.invocation.requestId}`);
  }

  async #endGeneration(): Promise<void> {
    const { generation } = this.#life;
    this.#memory.pause();
    // What is half way through being made has to be there before it can be taken back.
    await this.#booting;
    try {
      await this.#sandbox?.endGeneration();
      // Only now: a process that saw its poll torn off would still get to complain about it.
      this.#generation?.abandon();
      await this.#generation?.processes.allExited();
    } catch (error) {
      this.#say('environment', (error as Error).message);
    }
    this.#telemetry.endGeneration(this.#life.ending?.why ?? 'shutdown');
    this.#happenIn(generation, { type: 'generationEnded' });
  }

  async #close(): Promise<void> {
    this.#timers.clear();
    this.#telemetry.close();
    this.#detach?.();
    try {
      await this.#sandbox?.close();
      this.#closed.resolve();
    } catch (error) {
      this.#closed.reject(error);
    }
  }

  #exited(
    name: string,
    { status, usage }: { readonly status: ExitStatus; readonly usage: ProcessUsage | undefined },
    generation: number,
  ): void {
    if (!this.#lives(generation)) return;
    const how = { detail: describeExit(status), ...(usage && { usage }) };
    if (name === runtimeProcess) this.#tellProcess('runtime', 'runtime', 'exited', how);
    else this.#tellProcess(name, 'external', 'exited', how);
    if (name === runtimeProcess) this.#happen({ type: 'runtimeExited', status });
    else this.#happen({ type: 'extensionExited', name, status });
  }

  #subscribed(name: string, subscription: Subscription): void {
    this.#telemetry.subscribe(name, subscription);
    // Its listener is on the loopback interface; a delivery that comes before the way is open is tried again.
    this.#sandbox?.reachLoopback().catch((error) => this.#say(name, (error as Error).message));
  }

  #diagnose(fault: Fault, before: Life): void {
    const generation = this.#generation;
    if (!generation) {
      this.#diagnosis = [fault.message];
    } else {
      this.#diagnosis = diagnose(fault, {
        life: before,
        lastLinesOf: (name) => generation.lastLinesOf(name),
        files: this.#files,
        bootstrap: bootstrapPath(this.#parts.spec, this.#files),
        memoryMiB: this.#parts.spec.memoryMiB,
        oomKills: this.#memory.oomKills,
        isUnheard: (name) => generation.extensionsApi.isUnheard(name),
        refusedNames: [...generation.extensionsApi.refusedNames],
      });
    }
    for (const message of this.#diagnosis) this.#untold.push(this.#finding(fault.subject, message));
  }

  #diagnoseOverdue(name: string, shutdownGiven: boolean): void {
    const isHeard = shutdownGiven && this.#generation?.extensionsApi.isUnheard(name) === false;
    this.#untold.push(this.#finding(name, overdueWords(name, isHeard)));
  }

  /** A poll that went away may be a process that is ending: wait for the exit to be seen before saying so. */
  #noteVanished(name: string, generation: number): void {
    const check = setTimeout(() => {
      const current = this.#generation;
      if (!this.#lives(generation) || this.#life.ending || !current) return;
      if (name !== runtimeProcess && !current.processes.isRunning(name) && this.#isExternal(name)) return;
      if (current.isPolling(name)) return;
      this.#sayOnce(
        name,
        `${name === runtimeProcess ? 'the runtime' : `extension ${name}`} closed its connection while it waited for its next event, and has not asked again so far. HTTP clients with a timeout do that (Node's fetch gives up after 300 s without headers): ask for the next event without any timeout`,
      );
    }, vanishedGraceMs);
    check.unref();
  }

  #isExternal(name: string): boolean {
    return this.#life.extensions.get(name)?.kind === 'external';
  }

  #tenant() {
    const environment = this;
    return {
      get generation() {
        return environment.#life.generation;
      },
      serve: (...exchange: Parameters<Generation['serve']>) => {
        if (environment.#generation) environment.#generation.serve(...exchange);
        else exchange[0].socket.destroy();
      },
      onTooManyConnections: () =>
        environment.#sayOnce(
          'environment',
          `more than ${maxInnerApiConnections} connections to the inner APIs at once were refused; keep one connection and reuse it`,
        ),
    };
  }

  #withMemory(event: Told): StoryEvent {
    if (event.type !== 'platform.report') return event;
    const { maxMemoryUsedMB } = this.#memory;
    const record = { ...event.record, metrics: { ...event.record.metrics, maxMemoryUsedMB } };
    return { ...event, record };
  }

  #tellLine(name: string, record: string, framedLevel: LogLevel | undefined): void {
    const { logging, runtime } = this.#parts.spec;
    const isFunction = name === runtimeProcess;
    // Managed runtimes log in JSON by themselves; of others, what they print is looked into.
    const isStated = isFunction && isOsOnly(runtime) && logging.format === 'JSON';
    const level = isStated ? statedLevel(record) : framedLevel;
    this.#tell({
      timeMs: this.#parts.clock(),
      type: isFunction ? 'function' : 'extension',
      record,
      origin: isFunction ? 'runtime' : name,
      ...(level && { level }),
    });
  }

  #tellProcess(
    name: string,
    kind: 'runtime' | 'external',
    moment: 'started' | 'exited',
    how: { readonly detail?: string; readonly usage?: ProcessUsage } = {},
  ): void {
    this.#tell({
      timeMs: this.#parts.clock(),
      type: 'thaw.process',
      record: { name, kind, moment, ...how },
    });
  }

  #say(subject: string, message: string): void {
    this.#tell(this.#finding(subject, message));
  }

  #finding(subject: string, message: string): StoryEvent {
    return { timeMs: this.#parts.clock(), type: 'thaw.diagnosis', record: { subject, message } };
  }

  /** For findings that could come again and again: once per generation. */
  #sayOnce(subject: string, message: string): void {
    if (this.#generation?.isNews(message)) this.#say(subject, message);
  }

  #platformVariables() {
    const { sandboxes, logGroupName, logStreamName, serviceUrl } = this.#parts;
    const { host, port } = sandboxes.innerApi;
    return {
      runtimeApi: `${host}:${port}`,
      metadataToken: this.#metadataToken,
      logGroupName,
      logStreamName,
      ...(serviceUrl !== undefined && { serviceUrl }),
    };
  }

  #extensionVariables(): Record<string, string> {
    return extensionVariables(this.#parts.spec, this.#platformVariables());
  }
}

interface UnderwayInvocation {
  readonly invocation: Invocation;
  readonly answer: PromiseWithResolvers<InvocationResult>;
  readonly settled: PromiseWithResolvers<Fault | undefined>;
}

const endings: ReadonlySet<string> = new Set(['Reset', 'Shutdown']);

/** A file of this name switches extensions off, as on Lambda. */
const disableExtensionsPath = '/opt/disable-extensions-jwigqn8j';

/** From a connection's end to the news of its process's; a loaded machine lets hundreds of milliseconds lie between. */
const vanishedGraceMs = 1000;

/** For a request that outlived its generation; nobody reads it. */
const goneReply: Reply = {
  kind: 'refused',
  status: 403,
  errorType: 'InvalidStateTransition',
  errorMessage: 'The environment this request belongs to is gone',
};
