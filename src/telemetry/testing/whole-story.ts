import type { Status, StoryEvent } from '../../domain/story.ts';

const tracing = {
  type: 'X-Amzn-Trace-Id',
  value: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
} as const;

/** Stands for any request id. */
export const requestId = '6d68ca91-49c9-448d-89b8-7ca3e6dc66aa';

/** Every kind of event there is, in the order of a life: a cold start, invocations with every outcome, a reset. */
export function wholeStory(startMs: number = Date.UTC(2026, 0, 5, 10)): readonly StoryEvent[] {
  const init = { initializationType: 'on-demand', phase: 'init' } as const;
  const suppressed = { initializationType: 'on-demand', phase: 'invoke' } as const;
  const types = ['platform', 'function', 'extension'] as const;
  const told: readonly (Pick<StoryEvent, 'type' | 'record'> & { readonly origin?: string })[] = [
    { type: 'thaw.phase', record: { phase: 'Extension init' } },
    {
      type: 'platform.initStart',
      record: {
        ...init,
        functionName: 'fn',
        functionVersion: '$LATEST',
        runtimeVersion: 'nodejs:24.v1',
        runtimeVersionArn: 'arn:aws:lambda:eu-west-1::runtime:abc',
        instanceId: '2026/01/05/[$LATEST]0f',
        instanceMaxMemory: 128,
      },
    },
    { type: 'extension', record: 'extension says "hello"\r', origin: 'ext' },
    { type: 'platform.telemetrySubscription', record: { name: 'ext', state: 'Subscribed', types } },
    { type: 'platform.logsSubscription', record: { name: 'old', state: 'Subscribed', types: ['platform'] } },
    { type: 'function', record: 'function says \u001b[1mhello\u001b[0m \u{1f600}', origin: 'runtime' },
    { type: 'platform.initRuntimeDone', record: { ...init, status: 'success' } },
    {
      type: 'platform.extension',
      record: { name: 'ext', state: 'Ready', events: ['INVOKE', 'SHUTDOWN'] },
    },
    {
      type: 'platform.extension',
      record: { name: 'dead', state: 'ExitError', events: [], errorType: 'Extension.ExitError' },
    },
    { type: 'platform.initReport', record: { ...init, status: 'success', metrics: { durationMs: 92.125 } } },
    ...invocation('success', 92.125),
    ...invocation('error'),
    ...invocation('timeout'),
    ...invocation('failure'),
    { type: 'platform.initStart', record: { ...suppressed, ...unmanaged } },
    {
      type: 'platform.initRuntimeDone',
      record: { ...suppressed, status: 'timeout', errorType: 'Runtime.Unknown' },
    },
    {
      type: 'platform.initReport',
      record: { ...suppressed, status: 'error', errorType: 'Extension.Crash', metrics: { durationMs: 3 } },
    },
    { type: 'thaw.diagnosis', record: { subject: 'ext', message: 'it crashed' } },
  ];
  return told.map((event, index) => ({ timeMs: startMs + index, ...event }) as StoryEvent);
}

const unmanaged = {
  functionName: 'fn',
  functionVersion: '7',
  instanceId: '2026/01/05/[7]0f',
  instanceMaxMemory: 256,
} as const;

function invocation(
  status: Status,
  initDurationMs?: number,
): readonly (Pick<StoryEvent, 'type' | 'record'> & { readonly origin?: string })[] {
  const errorTypes = { error: 'Runtime.ExitError', timeout: 'Sandbox.Timedout', failure: 'Sandbox.Failure' };
  const errorType = status === 'success' ? {} : { errorType: errorTypes[status] };
  const start = '2026-01-05T10:00:00.010Z';
  return [
    { type: 'platform.start', record: { requestId, version: '$LATEST', tracing } },
    { type: 'function', record: '{"level":"INFO","big":12345678901234567890}', origin: 'runtime' },
    {
      type: 'platform.runtimeDone',
      record: {
        requestId,
        status,
        ...errorType,
        metrics: { durationMs: status === 'timeout' ? 3000.4 : 39.5, producedBytes: 16 },
        spans: [
          { name: 'responseLatency', start, durationMs: 38 },
          { name: 'responseDuration', start, durationMs: 0.25 },
          { name: 'runtimeOverhead', start, durationMs: 1.25 },
        ],
        tracing,
      },
    },
    {
      type: 'platform.report',
      record: {
        requestId,
        status,
        ...errorType,
        metrics: {
          durationMs: 59.2,
          billedDurationMs: 60,
          memorySizeMB: 128,
          maxMemoryUsedMB: 71,
          ...(initDurationMs !== undefined && { initDurationMs }),
        },
        spans: [{ name: 'extensionOverhead', start, durationMs: 19.7 }],
        tracing,
      },
    },
  ];
}
