import { MiB } from '../../domain/limits.ts';
import type { DistributionView } from './distribution.ts';
import type { ExtensionMetricsView } from './extension-metrics.ts';
import { errorCauses, type FunctionMetricsView } from './function-metrics.ts';

/** A value with the labels it has beside `function`, `version` and `extension`. */
export interface Series<Value> {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: Value;
}

/** How one metric is taken from the figures of one function or extension. Values in base units: seconds and bytes. */
export type Family<Figures> = { readonly name: string; readonly help: string } & (
  | { readonly type: 'counter' | 'gauge'; readonly of: (figures: Figures) => readonly Series<number>[] }
  | { readonly type: 'summary'; readonly of: (figures: Figures) => readonly Series<Summary>[] }
);

export interface Summary {
  readonly distribution: DistributionView;
  /** What its unit is in base units. */
  readonly scale: number;
}

const one = (value: number): Series<number>[] => [{ value }];
const some = (value: number | undefined): Series<number>[] => (value === undefined ? [] : one(value));
const ms = 0.001;
const inMs = (distribution: DistributionView): Series<Summary>[] => [{ value: { distribution, scale: ms } }];
/** In bytes, of a figure that the kernel counts in kibibytes and that is told in rounded mebibytes. */
const resident = (maxMiB: number | undefined) =>
  maxMiB === undefined ? undefined : Math.round(maxMiB * 1024) * 1024;

export const functionFamilies: readonly Family<FunctionMetricsView>[] = [
  {
    name: 'thaw_invocations_total',
    type: 'counter',
    help: 'Invocations that ended, errors included.',
    of: (figures) => one(figures.invocations),
  },
  {
    name: 'thaw_errors_total',
    type: 'counter',
    help: 'Invocations that ended in an error, by cause: handler, error (crash, bad answer), timeout, failure (not run).',
    of: ({ errors }) => errorCauses.map((cause) => ({ labels: { cause }, value: errors[cause] })),
  },
  {
    name: 'thaw_duration_seconds',
    type: 'summary',
    help: 'Duration of invocations: runtime and extensions, without the Init before the first.',
    of: (figures) => inMs(figures.durationMs),
  },
  {
    name: 'thaw_billed_duration_seconds',
    type: 'summary',
    help: 'Billed duration of invocations, the Init before the first included.',
    of: (figures) => inMs(figures.billedDurationMs),
  },
  {
    name: 'thaw_post_runtime_extensions_duration_seconds',
    type: 'summary',
    help: "From the runtime's next to the last extension's next.",
    of: (figures) => inMs(figures.postRuntimeExtensionsDurationMs),
  },
  {
    name: 'thaw_max_memory_used_bytes',
    type: 'summary',
    help: 'High-water mark of the environment at the end of each invocation, in whole MiB.',
    of: ({ maxMemoryUsedMiB }) => [{ value: { distribution: maxMemoryUsedMiB, scale: MiB } }],
  },
  {
    name: 'thaw_init_duration_seconds',
    type: 'summary',
    help: 'Duration of successful Inits: phase init is ahead of an invocation, phase invoke at the time of one.',
    of: ({ initDurationMs, suppressedInitDurationMs }) => [
      { labels: { phase: 'init' }, value: { distribution: initDurationMs, scale: ms } },
      { labels: { phase: 'invoke' }, value: { distribution: suppressedInitDurationMs, scale: ms } },
    ],
  },
  {
    name: 'thaw_init_errors_total',
    type: 'counter',
    help: 'Inits that failed.',
    of: (figures) => one(figures.initErrors),
  },
  {
    name: 'thaw_concurrent_executions',
    type: 'gauge',
    help: 'Environments with an invocation under way.',
    of: ({ concurrentExecutions }) => one(concurrentExecutions.now),
  },
  {
    name: 'thaw_concurrent_executions_max',
    type: 'gauge',
    help: 'Most environments that had an invocation under way at once.',
    of: ({ concurrentExecutions }) => one(concurrentExecutions.max),
  },
  {
    name: 'thaw_telemetry_dropped_bytes_total',
    type: 'counter',
    help: 'Bytes of telemetry told as dropped by platform.logsDropped.',
    of: ({ telemetryDropped }) => one(telemetryDropped.bytes),
  },
  {
    name: 'thaw_telemetry_dropped_records_total',
    type: 'counter',
    help: 'Records of telemetry told as dropped by platform.logsDropped.',
    of: ({ telemetryDropped }) => one(telemetryDropped.records),
  },
  {
    name: 'thaw_runtime_cpu_seconds_total',
    type: 'counter',
    help: 'User and system CPU time of runtime processes that have ended.',
    of: ({ runtime }) => one(runtime.cpuMs * ms),
  },
  {
    name: 'thaw_runtime_max_resident_bytes',
    type: 'gauge',
    help: 'Largest resident set of a runtime process that has ended.',
    of: ({ runtime }) => some(resident(runtime.maxResidentMiB)),
  },
];

export const extensionFamilies: readonly Family<ExtensionMetricsView>[] = [
  {
    name: 'thaw_extension_start_to_register_seconds',
    type: 'summary',
    help: "From an external extension's start to its registration.",
    of: (figures) => inMs(figures.startToRegisterMs),
  },
  {
    name: 'thaw_extension_register_to_next_seconds',
    type: 'summary',
    help: "From an extension's registration to its first next.",
    of: (figures) => inMs(figures.registerToNextMs),
  },
  {
    name: 'thaw_extension_wait_seconds',
    type: 'summary',
    help: "Per invocation given to it: from the runtime's next to its next, 0 where it was done first.",
    of: (figures) => inMs(figures.waitMs),
  },
  {
    name: 'thaw_extension_wait_alone_seconds',
    type: 'summary',
    help: 'Per invocation given to it: the part of the wait in which everybody else was done.',
    of: (figures) => inMs(figures.waitAloneMs),
  },
  {
    name: 'thaw_extension_cpu_seconds_total',
    type: 'counter',
    help: 'User and system CPU time of processes that have ended.',
    of: (figures) => one(figures.cpuMs * ms),
  },
  {
    name: 'thaw_extension_max_resident_bytes',
    type: 'gauge',
    help: 'Largest resident set of a process that has ended.',
    of: (figures) => some(resident(figures.maxResidentMiB)),
  },
  {
    name: 'thaw_extension_telemetry_delivered_bytes_total',
    type: 'counter',
    help: 'Bytes of telemetry delivered to subscriptions that have ended.',
    of: ({ telemetry }) => one(telemetry.deliveredBytes),
  },
  {
    name: 'thaw_extension_telemetry_delivered_records_total',
    type: 'counter',
    help: 'Records of telemetry delivered to subscriptions that have ended.',
    of: ({ telemetry }) => one(telemetry.deliveredRecords),
  },
  {
    name: 'thaw_extension_telemetry_dropped_bytes_total',
    type: 'counter',
    help: 'Bytes of telemetry that subscriptions that have ended did not get.',
    of: ({ telemetry }) => one(telemetry.droppedBytes),
  },
  {
    name: 'thaw_extension_telemetry_dropped_records_total',
    type: 'counter',
    help: 'Records of telemetry that subscriptions that have ended did not get.',
    of: ({ telemetry }) => one(telemetry.droppedRecords),
  },
];
