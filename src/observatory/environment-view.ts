import type { LiveEnvironment } from '../scheduler/scheduler-event.ts';
import type { MemoryReadings } from './memory-readings.ts';

/** One live environment, as it is shown. */
export interface EnvironmentView {
  /** Absent while it is being made. */
  readonly id?: string;
  readonly functionName: string;
  readonly version: string;
  readonly state: LiveEnvironment['state'];
  /** ISO 8601. */
  readonly startedAt: string;
  readonly invocations: number;
  /** The most it has used so far; absent before its first invocation is done. */
  readonly maxMemoryUsedMiB?: number;
  readonly logStreamName?: string;
  /** Of the invocation it is at work on. */
  readonly requestId?: string;
}

/** Those that have lived longest first. */
export function environmentViews(
  live: readonly LiveEnvironment[],
  memory: MemoryReadings,
): EnvironmentView[] {
  return live.toSorted((one, other) => one.startedMs - other.startedMs).map((each) => viewOf(each, memory));
}

function viewOf(environment: LiveEnvironment, memory: MemoryReadings): EnvironmentView {
  const { id, functionName, version, state, startedMs, invocations, logStreamName, requestId } = environment;
  const maxMemoryUsedMiB = id === undefined ? undefined : memory.maxUsedMiB(id);
  return {
    ...(id !== undefined && { id }),
    functionName,
    version,
    state,
    startedAt: new Date(startedMs).toISOString(),
    invocations,
    ...(maxMemoryUsedMiB !== undefined && { maxMemoryUsedMiB }),
    ...(logStreamName !== undefined && { logStreamName }),
    ...(requestId !== undefined && { requestId }),
  };
}
