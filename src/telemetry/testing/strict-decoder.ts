import type { SchemaVersion } from '../subscriptions/vocabulary.ts';
import {
  anyObject,
  array,
  both,
  count,
  decimal,
  either,
  matching,
  name,
  object,
  oneOf,
  optional,
  type Shape,
  text,
  time,
} from './strict-shape.ts';

/** What a subscriber got. */
export interface DecodedEvent {
  readonly time: string;
  readonly type: string;
  readonly record: unknown;
}

/**
 * Decodes as the strictest subscriber would: every type, field, enum value and number format that the schema does not
 * list is refused, and the whole batch with it ("Lambda Telemetry API Event schema reference", "Using the Lambda Logs
 * API"). Shares no code with what encodes.
 *
 * `body`: of one HTTP request (an array), or what came over TCP (whole lines).
 * @throws with every finding and its path.
 */
export function decodeStrictly(
  schemaVersion: SchemaVersion,
  body: Buffer | string,
  protocol: 'HTTP' | 'TCP' = 'HTTP',
): DecodedEvent[] {
  const source = body.toString();
  const events: unknown = protocol === 'HTTP' ? JSON.parse(source) : parseLines(source);
  if (!Array.isArray(events) || events.length === 0)
    throw new Error(`no array of events: ${source.slice(0, 80)}`);
  const findings = events.flatMap((event, index) => checkEvent(schemaVersion, event, `[${index}]`));
  if (findings.length > 0) throw new Error(`schema ${schemaVersion}: ${findings.join('; ')}`);
  return events as DecodedEvent[];
}

function parseLines(source: string): unknown[] {
  const lines = source.split('\n');
  if (lines.pop() !== '') throw new Error('the last line has no newline');
  return lines.map((line) => JSON.parse(line));
}

function checkEvent(schemaVersion: SchemaVersion, event: unknown, path: string): readonly string[] {
  const records = recordsOf[schemaVersion];
  const type = typeof event === 'object' && event !== null && 'type' in event ? String(event.type) : '';
  const record = Object.hasOwn(records, type) ? records[type] : undefined;
  if (!record) return [`${path}.type is ${JSON.stringify(type)}, unknown`];
  return object({ time, type: name, record })(event, path);
}

const requestId = matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const status = oneOf('success', 'failure', 'error', 'timeout');
const phase = oneOf('init', 'invoke', 'snap-start');
const types = array(oneOf('platform', 'function', 'extension'), 1);
const durationOnly = object({ durationMs: decimal });
const tracing = object({
  type: oneOf('X-Amzn-Trace-Id'),
  value: matching(/^Root=[^;]+;Parent=[^;]+;Sampled=[01]/),
  spanId: optional(name),
});
const extensionState = oneOf(
  ...['Started', 'Registered', 'Ready', 'Running', 'InitError', 'ExitError', 'ShutdownFailed', 'Exited'],
  'LaunchError',
);
const registeredEvents = array(oneOf('INVOKE', 'SHUTDOWN'));
const invocationMetrics = {
  durationMs: decimal,
  billedDurationMs: count,
  memorySizeMB: count,
  maxMemoryUsedMB: count,
  initDurationMs: optional(decimal),
};
const logsDropped = object({ droppedBytes: count, droppedRecords: count, reason: name });

function spans(...names: readonly string[]): Shape {
  return array(object({ name: oneOf(...names), start: time, durationMs: decimal }), 1);
}

/** A failed one says why. */
function explained(shape: Shape): Shape {
  return both(shape, (value, path) => {
    const { status, errorType } = Object(value);
    return status !== 'success' && errorType === undefined ? [`${path}.errorType is missing`] : [];
  });
}

/** `initializationType`: the newest schema has one more. */
function telemetryRecords(line: Shape, ...initializationTypes: readonly string[]): Record<string, Shape> {
  const initializationType = oneOf(
    ...['on-demand', 'provisioned-concurrency', 'snap-start'],
    ...initializationTypes,
  );
  return {
    'platform.initStart': object({
      initializationType,
      phase,
      functionName: name,
      functionVersion: name,
      instanceId: optional(name),
      instanceMaxMemory: optional(count),
      runtimeVersion: optional(name),
      runtimeVersionArn: optional(name),
    }),
    'platform.initRuntimeDone': object({ initializationType, phase, status, errorType: optional(name) }),
    'platform.initReport': object({
      initializationType,
      phase,
      status,
      errorType: optional(name),
      metrics: durationOnly,
    }),
    'platform.start': object({ requestId, version: optional(name), tracing: optional(tracing) }),
    'platform.runtimeDone': explained(
      object({
        requestId,
        status,
        errorType: optional(name),
        metrics: optional(object({ durationMs: decimal, producedBytes: optional(count) })),
        spans: optional(spans('responseLatency', 'responseDuration', 'runtimeOverhead')),
        tracing: optional(tracing),
      }),
    ),
    'platform.report': explained(
      object({
        requestId,
        status,
        errorType: optional(name),
        metrics: object(invocationMetrics),
        spans: optional(spans('extensionOverhead')),
        tracing: optional(tracing),
      }),
    ),
    'platform.extension': object({
      name,
      state: extensionState,
      events: registeredEvents,
      errorType: optional(name),
    }),
    'platform.telemetrySubscription': object({ name, state: oneOf('Subscribed'), types }),
    'platform.logsDropped': logsDropped,
    function: line,
    extension: line,
  };
}

const logsRecords: Record<string, Shape> = {
  'platform.start': object({ requestId, version: optional(name) }),
  'platform.end': object({ requestId }),
  'platform.report': object({ requestId, metrics: object(invocationMetrics), tracing: optional(tracing) }),
  'platform.fault': name,
  'platform.extension': object({ name, state: extensionState, events: registeredEvents }),
  'platform.logsSubscription': object({ name, state: oneOf('Subscribed'), types }),
  'platform.logsDropped': logsDropped,
  function: text,
  extension: text,
};

const recordsOf: Readonly<Record<SchemaVersion, Readonly<Record<string, Shape>>>> = {
  '2020-08-15': logsRecords,
  '2021-03-18': {
    ...logsRecords,
    'platform.runtimeDone': object({ requestId, status: oneOf('success', 'failure', 'timeout') }),
  },
  '2022-07-01': telemetryRecords(text),
  '2022-12-13': telemetryRecords(either(text, anyObject)),
  '2025-01-29': telemetryRecords(either(text, anyObject), 'lambda-managed-instances'),
};
