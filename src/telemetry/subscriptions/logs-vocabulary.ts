import type { Report, RuntimeDone, StoryEvent } from '../../domain/story.ts';

/** Type and record of an event of the Logs API. */
export type LogsEvent = readonly [type: string, record: unknown];

/**
 * A platform event in the Logs API's own words ("Using the Lambda Logs API"): it knows nothing of Init, and the moment
 * the Telemetry API calls `platform.runtimeDone` is `platform.fault`, where it failed, and `platform.end`.
 *
 * `runtimeDone`: whether the schema has `platform.runtimeDone` too: since 2021-03-18.
 */
export function logsEvents(event: StoryEvent, runtimeDone: boolean): readonly LogsEvent[] {
  switch (event.type) {
    case 'platform.start': {
      const { requestId, version } = event.record;
      return [['platform.start', { requestId, version }]];
    }
    case 'platform.runtimeDone':
      return doneEvents(event.record, runtimeDone, event.timeMs);
    case 'platform.report':
      return [['platform.report', report(event.record)]];
    case 'platform.extension': {
      const { name, state, events } = event.record;
      return [['platform.extension', { name, state, events }]];
    }
    case 'platform.logsSubscription':
    case 'platform.logsDropped':
      return [[event.type, event.record]];
    default:
      return [];
  }
}

function doneEvents(done: RuntimeDone, runtimeDone: boolean, timeMs: number): readonly LogsEvent[] {
  const { requestId, status } = done;
  const events: LogsEvent[] = [];
  if (status !== 'success') events.push(['platform.fault', fault(done, timeMs)]);
  // This schema has no `error`.
  if (runtimeDone) {
    events.push(['platform.runtimeDone', { requestId, status: status === 'error' ? 'failure' : status }]);
  }
  events.push(['platform.end', { requestId }]);
  return events;
}

function fault({ requestId, status, errorType, metrics }: RuntimeDone, timeMs: number): string {
  if (status === 'timeout') {
    const seconds = (metrics.durationMs / 1000).toFixed(2);
    return `${new Date(timeMs).toISOString()} ${requestId} Task timed out after ${seconds} seconds`;
  }
  if (errorType === undefined || errorType === 'Runtime.ExitError') {
    return `RequestId: ${requestId} Process exited before completing request`;
  }
  return `RequestId: ${requestId} Error: ${errorType}`;
}

function report({ requestId, metrics, tracing }: Report): unknown {
  const { durationMs, billedDurationMs, memorySizeMB, maxMemoryUsedMB, initDurationMs } = metrics;
  return {
    requestId,
    metrics: {
      durationMs,
      billedDurationMs,
      memorySizeMB,
      maxMemoryUsedMB,
      ...(initDurationMs !== undefined && { initDurationMs }),
    },
    // Told where X-Ray is active, that is where the trace is sampled.
    ...(tracing?.value.includes('Sampled=1') && { tracing }),
  };
}
