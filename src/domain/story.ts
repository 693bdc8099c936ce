import type { LogLevel } from './logging.ts';

/**
 * The story of one execution environment: told once, read by log lines, timeline, metrics and the Telemetry API.
 *
 * `platform.*`, `function` and `extension` are the Telemetry API's own vocabulary, with exactly its fields
 * ("Lambda Telemetry API Event schema reference", schema 2022-12-13). `thaw.*` events are what AWS never shows
 * (who is waited for, and why something failed): they are for our own readers and never leave through the
 * Telemetry API.
 */
export type StoryEvent = PlatformEvent | LogEvent | ThawEvent;

/** Epoch milliseconds with a fraction; readers print RFC 3339 with ms and `Z`. */
type Timed<Type extends string, Rec> = { readonly timeMs: number; readonly type: Type; readonly record: Rec };

export type PlatformEvent =
  | Timed<'platform.initStart', InitStart>
  | Timed<'platform.initRuntimeDone', InitRuntimeDone>
  | Timed<'platform.initReport', InitReport>
  | Timed<'platform.start', Start>
  | Timed<'platform.runtimeDone', RuntimeDone>
  | Timed<'platform.report', Report>
  | Timed<'platform.extension', ExtensionRecord>
  | Timed<'platform.telemetrySubscription', TelemetrySubscription>
  /** The Logs API's own; the Telemetry API does not know it. */
  | Timed<'platform.logsSubscription', TelemetrySubscription>
  | Timed<'platform.logsDropped', LogsDropped>;

/** One line of output, or one framed record, as it was written. The Telemetry API shows only its type and record. */
export type LogEvent = Timed<'function' | 'extension', string> & {
  /** The process that wrote it: `runtime`, or the extension's name. */
  readonly origin: string;
  /** What the JSON log format filters it by; absent where it has none. */
  readonly level?: LogLevel;
};

export type InitPhase = 'init' | 'invoke' | 'snap-start';
export type Status = 'success' | 'failure' | 'error' | 'timeout';
export type SpanName = 'responseLatency' | 'responseDuration' | 'runtimeOverhead' | 'extensionOverhead';

export interface Span {
  readonly name: SpanName;
  /** RFC 3339 with ms and `Z`. */
  readonly start: string;
  readonly durationMs: number;
}

export interface TraceContext {
  readonly type: 'X-Amzn-Trace-Id';
  readonly value: string;
  readonly spanId?: string;
}

export interface InitStart {
  readonly initializationType: 'on-demand';
  readonly phase: InitPhase;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly runtimeVersion?: string;
  readonly runtimeVersionArn?: string;
  /** Name of the log stream. */
  readonly instanceId: string;
  /** MB. */
  readonly instanceMaxMemory: number;
}

export interface InitRuntimeDone {
  readonly initializationType: 'on-demand';
  readonly phase: InitPhase;
  readonly status: Status;
  readonly errorType?: string;
}

export interface InitReport {
  readonly initializationType: 'on-demand';
  readonly phase: InitPhase;
  readonly status: Status;
  readonly errorType?: string;
  readonly metrics: { readonly durationMs: number };
}

export interface Start {
  readonly requestId: string;
  readonly version: string;
  readonly tracing?: TraceContext;
}

export interface RuntimeDone {
  readonly requestId: string;
  readonly status: Status;
  readonly errorType?: string;
  readonly metrics: { readonly durationMs: number; readonly producedBytes?: number };
  readonly spans?: readonly Span[];
  readonly tracing?: TraceContext;
}

export interface Report {
  readonly requestId: string;
  readonly status: Status;
  readonly errorType?: string;
  readonly metrics: {
    readonly durationMs: number;
    readonly billedDurationMs: number;
    readonly memorySizeMB: number;
    readonly maxMemoryUsedMB: number;
    /** Only on the first report of an environment. */
    readonly initDurationMs?: number;
  };
  readonly spans?: readonly Span[];
  readonly tracing?: TraceContext;
}

export interface ExtensionRecord {
  readonly name: string;
  readonly state: string;
  readonly events: readonly string[];
  readonly errorType?: string;
}

export interface TelemetrySubscription {
  readonly name: string;
  readonly state: 'Subscribed';
  readonly types: readonly string[];
}

export interface LogsDropped {
  readonly droppedBytes: number;
  readonly droppedRecords: number;
  readonly reason: string;
}

/** A stretch of the environment's life, for the timeline. A phase lasts until the next `thaw.phase`. */
export type PhaseName =
  | 'Extension init'
  | 'Runtime init'
  | 'Function init'
  | 'Invoke'
  | 'Freeze'
  | 'Reset'
  | 'Shutdown'
  | 'Closed';

/** What a process did or was given. Between `ready` and the next `event` it waits; otherwise it works. */
export type ProcessMoment =
  | 'started'
  | 'registered'
  | 'ready'
  | 'event'
  | 'responded'
  | 'signalled'
  | 'exited';

/** Of a process that has ended, and of those of its children it waited for. */
export interface ProcessUsage {
  /** User and system time. */
  readonly cpuMs: number;
  /** Resident set at its largest, of the one process that held most. */
  readonly maxResidentMiB: number;
}

/** A subscription is made through one of the two. */
export type SubscriptionApi = 'telemetry' | 'logs';

/** What one subscription of an extension came to. */
export interface SubscriptionFigures extends TelemetryFigures {
  /** The extension's name. */
  readonly subscriber: string;
  readonly api: SubscriptionApi;
}

/** Bytes are of the events' texts. Every event that was to be delivered was delivered or dropped. */
export interface TelemetryFigures {
  readonly deliveredBytes: number;
  readonly deliveredRecords: number;
  readonly droppedBytes: number;
  readonly droppedRecords: number;
}

export type ThawEvent =
  /** `suppressed`: an Init that runs at the time of an invocation. */
  | Timed<
      'thaw.phase',
      { readonly phase: PhaseName; readonly requestId?: string; readonly suppressed?: boolean }
    >
  | Timed<
      'thaw.process',
      {
        /** `runtime`, or the extension's name. */
        readonly name: string;
        readonly kind: 'runtime' | 'external' | 'internal';
        readonly moment: ProcessMoment;
        /** `INVOKE`, `SHUTDOWN` for `event`; `error` for a `responded` that reported one; `exit status 1`, … for `exited`; `SIGTERM`, `SIGKILL` for `signalled`. */
        readonly detail?: string;
        /** Only with `exited`; absent where the kernel's account of the process is lost. */
        readonly usage?: ProcessUsage;
      }
    >
  /** Told when the generation of the subscription ends. */
  | Timed<'thaw.telemetry', SubscriptionFigures>
  /** A finding in plain words: what happened, to whom, and what to do. */
  | Timed<'thaw.diagnosis', { readonly subject: string; readonly message: string }>;
