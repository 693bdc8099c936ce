import type {
  ExtensionRecord,
  InitReport,
  InitStart,
  Report,
  Status,
  StoryEvent,
  TelemetrySubscription,
} from '../domain/story.ts';

/**
 * The line Lambda writes into a function's text log for a platform event, without its newline; undefined where Lambda
 * writes none. ("Sending Lambda function logs to CloudWatch Logs", text format.) Tabs separate fields; a REPORT
 * ends with a tab.
 */
export function systemLogLine(event: StoryEvent): string | undefined {
  switch (event.type) {
    case 'platform.initStart':
      return initStartLine(event.record);
    case 'platform.initReport':
      return initReportLine(event.record);
    case 'platform.start':
      return `START RequestId: ${event.record.requestId} Version: ${event.record.version}`;
    case 'platform.runtimeDone':
      return `END RequestId: ${event.record.requestId}`;
    case 'platform.report':
      return reportLine(event.record);
    case 'platform.extension':
      return extensionLine(event.record);
    case 'platform.telemetrySubscription':
      return subscriptionLine('TELEMETRY', event.record);
    case 'platform.logsSubscription':
      return subscriptionLine('LOGS', event.record);
    default:
      return undefined;
  }
}

/** Only managed runtimes have a version. */
function initStartLine(record: InitStart): string | undefined {
  if (record.runtimeVersion === undefined) return undefined;
  const fields = [`INIT_START Runtime Version: ${record.runtimeVersion}`];
  if (record.runtimeVersionArn !== undefined) fields.push(`Runtime Version ARN: ${record.runtimeVersionArn}`);
  return fields.join('\t');
}

/** An on-demand environment reports its init only where it failed. */
function initReportLine(record: InitReport): string | undefined {
  if (record.status === 'success') return undefined;
  return [
    `INIT_REPORT Init Duration: ${milliseconds(record.metrics.durationMs)}`,
    `Phase: ${record.phase}`,
    ...statusFields(record.status, record.errorType),
  ].join('\t');
}

function reportLine(record: Report): string {
  const { durationMs, billedDurationMs, memorySizeMB, maxMemoryUsedMB, initDurationMs } = record.metrics;
  const fields = [
    `REPORT RequestId: ${record.requestId}`,
    `Duration: ${milliseconds(durationMs)}`,
    `Billed Duration: ${billedDurationMs} ms`,
    `Memory Size: ${memorySizeMB} MB`,
    `Max Memory Used: ${maxMemoryUsedMB} MB`,
  ];
  if (initDurationMs !== undefined) fields.push(`Init Duration: ${milliseconds(initDurationMs)}`);
  fields.push(...statusFields(record.status, record.errorType));
  return fields.map((field) => `${field}\t`).join('');
}

/** A timeout has an error type in telemetry, but not in the text. */
function statusFields(status: Status, errorType: string | undefined): readonly string[] {
  if (status === 'success') return [];
  if (status === 'timeout' || errorType === undefined) return [`Status: ${status}`];
  return [`Status: ${status}`, `Error Type: ${errorType}`];
}

function extensionLine(record: ExtensionRecord): string {
  const fields = [
    'EXTENSION',
    `Name: ${record.name}`,
    `State: ${record.state}`,
    `Events: [${record.events.join(',')}]`,
  ];
  if (record.errorType !== undefined) fields.push(`Error Type: ${record.errorType}`);
  return fields.join('\t');
}

function subscriptionLine(word: 'TELEMETRY' | 'LOGS', record: TelemetrySubscription): string {
  const types = record.types.map((type) => type.charAt(0).toUpperCase() + type.slice(1));
  return [word, `Name: ${record.name}`, `State: ${record.state}`, `Types: [${types.join(', ')}]`].join('\t');
}

function milliseconds(durationMs: number): string {
  return `${durationMs.toFixed(2)} ms`;
}
