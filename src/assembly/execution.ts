import type { PackageStore } from '../artifacts/package-store.ts';
import type { RuntimeSettings } from '../artifacts/runtimes/runtime-settings.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { ServiceIdentity } from '../domain/arn.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { eventRuns } from '../invoke/event-runs.ts';
import { Invoker } from '../invoke/invoker.ts';
import { EventQueue } from '../invoke/queue/event-queue.ts';
import { lambdaQueueTerms } from '../invoke/queue/queue-terms.ts';
import { MemoryReadings } from '../observatory/memory-readings.ts';
import { ThrottleCounts } from '../observatory/throttle-counts.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { hostTerms, type SchedulerTerms } from '../scheduler/terms.ts';
import { Metrics } from '../telemetry/metrics/metrics.ts';
import { Clearing } from './clearing.ts';
import { DeployedEnvironments } from './deployed-environments.ts';
import { type DeployedFunctionParts, DeployedFunctions } from './deployed-function.ts';
import { openEnvironmentGround } from './environment-ground.ts';
import { followCatalog } from './follow-catalog.ts';
import type { CpuRule } from './prepare-function.ts';
import type { ServiceAddress } from './service-address.ts';

export interface ExecutionOptions {
  /** What of the terms is another than the host's own. */
  readonly terms: Partial<SchedulerTerms>;
  readonly concurrentExecutions: number;
  readonly cpu: CpuRule;
  readonly egress: boolean;
  /** What the command line says of interpreters. */
  readonly runtimeSettings: RuntimeSettings;
  /** Told, in a sentence, what went wrong without a caller that could be told. */
  readonly onWarning: (message: string) => void;
  /** Gives up a start that waits for other Thaws of this machine. */
  readonly signal: AbortSignal;
}

export interface ExecutionParts extends ExecutionOptions {
  readonly identity: ServiceIdentity;
  readonly database: Database;
  readonly catalog: Catalog;
  readonly packages: PackageStore;
  readonly issue: DeployedFunctionParts['issue'];
  readonly logsRoot: string;
  readonly storeRoot: string;
  readonly clock: Clock;
}

/** All that runs functions: environments, who shares them out, who invokes, and the queue of events. */
export interface Execution {
  readonly invoker: Invoker;
  readonly queue: EventQueue;
  readonly scheduler: Scheduler;
  readonly metrics: Metrics;
  readonly memory: MemoryReadings;
  readonly throttles: ThrottleCounts;
  /** Where environments reach the service's own API; nobody else does. */
  readonly innerAddress: ServiceAddress;
  /** From now on events run, and what an earlier life left on this host is cleared away. */
  start(): void;
  /** No more events begin. */
  stopQueue(): void;
  /** What is at work has `graceMs` to finish. */
  close(graceMs: number): Promise<void>;
  /** Environments end, whatever they are at work on. */
  end(how: 'shutdown' | 'kill'): void;
}

/** @throws where the host cannot isolate. */
export async function openExecution(parts: ExecutionParts): Promise<Execution> {
  const opened = new AsyncDisposableStack();
  try {
    return await open(parts, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** @param opened takes what has to be given back, in reverse order. */
async function open(parts: ExecutionParts, opened: AsyncDisposableStack): Promise<Execution> {
  const { identity, catalog, database, clock, onWarning, signal } = parts;
  const metrics = new Metrics();
  const memory = new MemoryReadings();
  const throttles = new ThrottleCounts();
  const ground = await openEnvironmentGround(onWarning, {
    servesService: true,
    clearsLeftovers: false,
    signal,
  });
  opened.defer(() => ground.close());
  const clearing = new Clearing(onWarning);
  opened.defer(() => clearing.close());
  const environments = new DeployedEnvironments({
    ready: () => clearing.done(),
    ground,
    functions: new DeployedFunctions({ ...parts, onWork: onWarning }),
    logsRoot: parts.logsRoot,
    readersOf: (id, logging) => [metrics.reader(), memory.reader(id), invoker.logTails.reader(logging)],
    onEnded: (id) => memory.forget(id),
    clock,
    onWarning,
  });
  opened.defer(() => environments.close());
  const scheduler = new Scheduler({
    make: (version) => environments.make(version),
    terms: { ...hostTerms(), ...parts.terms, concurrentExecutions: parts.concurrentExecutions },
    reservations: catalog.reservedConcurrency,
    clock,
    onEvent: throttles.read,
    onWarning,
  });
  const targets = { catalog, identity, random: Math.random, scheduler };
  const queue = new EventQueue({
    ...eventRuns(targets),
    database,
    terms: lambdaQueueTerms,
    clock,
    onDiscard: ({ event: { functionName, requestId }, condition, message }) =>
      onWarning(
        `the event of request ${requestId} to ${functionName} was discarded (${condition})${message === undefined ? '' : `: ${message}`}`,
      ),
    onError: (error) => onWarning(`an asynchronous invocation: ${(error as Error).message}`),
  });
  const invoker = new Invoker({ ...targets, queue, clock });
  opened.defer(followCatalog(catalog, { scheduler, metrics, throttles }));
  return {
    invoker,
    queue,
    scheduler,
    metrics,
    memory,
    throttles,
    innerAddress: ground.serviceApi!,
    start: () => {
      void clearing.done();
      queue.start();
    },
    stopQueue: () => void queue.close(),
    close: async (graceMs) => {
      await Promise.all([queue.close(), scheduler.close(graceMs)]);
      await opened.disposeAsync();
    },
    end: (how) => {
      void clearing.close();
      environments.end(how);
    },
  };
}
