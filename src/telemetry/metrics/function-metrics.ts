import { maxMeteredExtensions, maxMeteredNameLength } from '../../domain/limits.ts';
import type { InitPhase, LogsDropped, ProcessUsage, Report, Status } from '../../domain/story.ts';
import { Distribution, type DistributionView, rounded } from './distribution.ts';
import { type ExtensionKind, ExtensionMetrics, type ExtensionMetricsView } from './extension-metrics.ts';

/**
 * Why an invocation counts as an error. `handler`: the handler reported it, the environment is fine. The others are the
 * report's status: `error` where a process failed or an answer went wrong, `timeout`, `failure` where Thaw itself could
 * not run it or was told to stop.
 */
export const errorCauses = ['handler', 'error', 'timeout', 'failure'] as const;
export type ErrorCause = (typeof errorCauses)[number];

/** Figures of one function version, over all its environments. */
export interface FunctionMetricsView {
  readonly functionName: string;
  readonly functionVersion: string;
  /** Ended ones, errors included. */
  readonly invocations: number;
  /** By cause, each erroneous invocation once. */
  readonly errors: Readonly<Record<ErrorCause, number>>;
  readonly durationMs: DistributionView;
  readonly billedDurationMs: DistributionView;
  /** The runtime's `next` to the last extension's; of invocations some extension was given. */
  readonly postRuntimeExtensionsDurationMs: DistributionView;
  /** High-water mark of the environment at the end of each invocation. */
  readonly maxMemoryUsedMiB: DistributionView;
  /** Successful Inits ahead of an invocation. */
  readonly initDurationMs: DistributionView;
  /** Successful Inits at the time of an invocation, whose duration includes them. */
  readonly suppressedInitDurationMs: DistributionView;
  /** Inits that failed, of both kinds. */
  readonly initErrors: number;
  /** Environments with an invocation under way. */
  readonly concurrentExecutions: { readonly now: number; readonly max: number };
  /** Told by `platform.logsDropped`, all subscribers together. */
  readonly telemetryDropped: { readonly bytes: number; readonly records: number };
  /** The runtime's ended processes, and children they waited for. */
  readonly runtime: { readonly cpuMs: number; readonly maxResidentMiB?: number };
  readonly extensions: readonly ExtensionMetricsView[];
}

/** Under this name, which no file can have, stands the sum of what came after the limit of names was reached. */
export const others = '/others';

export class FunctionMetrics {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly #errors: Record<ErrorCause, number> = { handler: 0, error: 0, timeout: 0, failure: 0 };
  readonly #durationMs = new Distribution();
  readonly #billedDurationMs = new Distribution();
  readonly #postRuntimeExtensionsDurationMs = new Distribution();
  readonly #maxMemoryUsedMiB = new Distribution();
  readonly #initDurationMs = new Distribution();
  readonly #suppressedInitDurationMs = new Distribution();
  #initErrors = 0;
  readonly #underWay = { now: 0, max: 0 };
  readonly #telemetryDropped = { bytes: 0, records: 0 };
  readonly #runtime: { cpuMs: number; maxResidentMiB?: number } = { cpuMs: 0 };
  readonly #extensions = new Map<string, ExtensionMetrics>();

  constructor(functionName: string, functionVersion: string) {
    this.functionName = functionName;
    this.functionVersion = functionVersion;
  }

  begin(): void {
    this.#underWay.now += 1;
    this.#underWay.max = Math.max(this.#underWay.max, this.#underWay.now);
  }

  /** `handlerFailed`: the handler reported an error. What befell the environment beside it weighs more. */
  end({ status, metrics, spans }: Report, handlerFailed: boolean): void {
    this.#underWay.now -= 1;
    const cause = causeOf(status, handlerFailed);
    if (cause !== undefined) this.#errors[cause] += 1;
    this.#durationMs.add(metrics.durationMs);
    this.#billedDurationMs.add(metrics.billedDurationMs);
    this.#maxMemoryUsedMiB.add(metrics.maxMemoryUsedMB);
    const overhead = spans?.find(({ name }) => name === 'extensionOverhead');
    if (overhead !== undefined) this.#postRuntimeExtensionsDurationMs.add(overhead.durationMs);
  }

  addInit(phase: InitPhase, status: Status, durationMs: number): void {
    if (status !== 'success') this.#initErrors += 1;
    else (phase === 'invoke' ? this.#suppressedInitDurationMs : this.#initDurationMs).add(durationMs);
  }

  addDropped({ droppedBytes, droppedRecords }: LogsDropped): void {
    this.#telemetryDropped.bytes += droppedBytes;
    this.#telemetryDropped.records += droppedRecords;
  }

  addRuntimeUsage({ cpuMs, maxResidentMiB }: ProcessUsage): void {
    this.#runtime.cpuMs += cpuMs;
    this.#runtime.maxResidentMiB = Math.max(this.#runtime.maxResidentMiB ?? 0, maxResidentMiB);
  }

  extension(name: string, kind: ExtensionKind): ExtensionMetrics {
    const shown = name.length > maxMeteredNameLength ? `${name.slice(0, maxMeteredNameLength)}…` : name;
    const isFull = this.#extensions.size >= maxMeteredExtensions;
    const key = isFull && !this.#extensions.has(shown) ? others : shown;
    const extension = this.#extensions.get(key) ?? new ExtensionMetrics(key, kind);
    this.#extensions.set(key, extension);
    return extension;
  }

  view(): FunctionMetricsView {
    const durationMs = this.#durationMs.view();
    return {
      functionName: this.functionName,
      functionVersion: this.functionVersion,
      invocations: durationMs.count,
      errors: { ...this.#errors },
      durationMs,
      billedDurationMs: this.#billedDurationMs.view(),
      postRuntimeExtensionsDurationMs: this.#postRuntimeExtensionsDurationMs.view(),
      maxMemoryUsedMiB: this.#maxMemoryUsedMiB.view(),
      initDurationMs: this.#initDurationMs.view(),
      suppressedInitDurationMs: this.#suppressedInitDurationMs.view(),
      initErrors: this.#initErrors,
      concurrentExecutions: { ...this.#underWay },
      telemetryDropped: { ...this.#telemetryDropped },
      runtime: this.#runtimeView(),
      extensions: [...this.#extensions.values()].map((extension) => extension.view()),
    };
  }

  #runtimeView(): FunctionMetricsView['runtime'] {
    const { cpuMs, maxResidentMiB } = this.#runtime;
    return {
      cpuMs: rounded(cpuMs),
      ...(maxResidentMiB !== undefined && { maxResidentMiB: rounded(maxResidentMiB) }),
    };
  }
}

function causeOf(status: Status, handlerFailed: boolean): ErrorCause | undefined {
  if (status !== 'success') return status;
  return handlerFailed ? 'handler' : undefined;
}
