/** Every limit on what outsiders can grow, named after AWS's quota where there is one ("Lambda quotas"). */

export const MiB = 1024 * 1024;

/** Memory of a function, MiB. */
export const memoryMiB = { min: 128, max: 10_240, default: 128 } as const;
/** Function timeout, seconds. */
export const timeoutS = { min: 1, max: 900, default: 3 } as const;
/** Size of `/tmp`, MiB. */
export const ephemeralStorageMiB = { min: 512, max: 10_240, default: 512 } as const;
/** 1,769 MiB of memory is one vCPU's worth of CPU time. */
export const memoryMiBPerVcpu = 1769;

/** Init of an on-demand environment. */
export const initTimeoutMs = 10_000;
/** External and internal extensions together. */
export const maxExtensions = 10;
export const maxLayers = 5;
/** Unzipped function plus layers, extensions included. */
export const maxUnzippedBytes = 250 * MiB;
/** Unpacked archives kept for later runs; beyond it those used longest ago go. Not an AWS quota: a guard of the host's disk. */
export const maxKeptUnzippedBytes = 2048 * MiB;
/** Entries of one archive. Not an AWS quota: a guard against archives made to exhaust inodes. */
export const maxArchiveEntries = 200_000;
/** Names and values of all variables together. */
export const maxEnvironmentVariableBytes = 4096;

export const maxProcesses = 1024;
export const maxOpenFiles = 1024;

/** Payload of a synchronous invocation's event. */
export const maxEventBytes = 6 * MiB;
/** Buffered response: 6 MiB + 100 B. */
export const maxResponseBytes = 6 * MiB + 100;
/** Requests of extensions, and other small ones. */
export const maxExtensionRequestBytes = 256 * 1024;

/** One log record; a longer line is cut into several. CloudWatch Logs' quota of an event is 1 MiB since 2025, 256 KiB before. */
export const maxLogLineBytes = 256 * 1024;

/**
 * Inner API connections an environment may hold at once. Not an AWS quota: each may cost the host a header of 1 MiB.
 */
export const maxInnerApiConnections = 64;
/** Request line and headers, or trailers, of one request to an inner API. */
export const maxInnerApiHeaderBytes = MiB + 256 * 1024;

/** Shutdown budgets ("Lambda execution environment lifecycle", Shutdown phase). */
export const shutdownBudgetMs = { none: 0, internalOnly: 500, external: 2000, runtimeShare: 300 } as const;

/** `buffering` of a subscription ("Lambda Telemetry API reference"); the Logs API has the same. */
export const telemetryBuffering = {
  maxItems: { min: 1000, max: 10_000, default: 10_000 },
  maxBytes: { min: 256 * 1024, max: MiB, default: 256 * 1024 },
  timeoutMs: { min: 25, max: 30_000, default: 1000 },
} as const;
/**
 * One log event as it goes over the wire; a longer one is cut into several. The smallest `maxBytes`, so that no batch
 * is larger than the documented twice `maxBytes`.
 */
export const maxTelemetryLineBytes = telemetryBuffering.maxBytes.min;
/**
 * What one subscription holds that its subscriber has not acknowledged: the batch in flight, the backlog and the batch
 * being built. Not an AWS quota. Platform events may use the reserve too: few and small, they are what extensions
 * wait for, and a flood of lines must not push them out.
 */
export const telemetryPending = {
  maxBytes: 8 * MiB,
  maxRecords: 65_536,
  platformReserveBytes: 256 * 1024,
  platformReserveRecords: 1024,
} as const;
/** What is kept of the story's beginning for subscribers still to come, per environment. Not an AWS quota. */
export const telemetryHistory = { maxBytes: MiB, maxRecords: 10_000 } as const;
/** Not an AWS quota: each may hold `telemetryPending`. */
export const maxSubscriptionsPerExtension = 4;
/** Of all extensions together: each may cost the host a full buffer. */
export const maxSubscriptionsPerEnvironment = 16;
/** Of a subscriber's answer only the status counts: its body is read up to here, then the connection is closed. */
export const maxSubscriberAnswerBytes = 64 * 1024;
/**
 * Without an answer for so long, time frozen not counted, a batch is sent again over another connection. Not an AWS
 * quota, and generous: some extensions answer only after their own next event, and too early a repetition is a batch
 * they get twice.
 */
export const subscriberAnswerTimeoutMs = 10_000;
/** The same once the generation is ending: half of what Shutdown gives extensions, so that the repetition has the other half. */
export const endingAnswerTimeoutMs = 1000;
/** From the head of an answer to the end of its body, time frozen not counted; then the connection is closed. */
export const subscriberAnswerRestTimeoutMs = 1000;

/** What metrics keep figures of; not AWS quotas. What comes later is added up under one name. */
export const maxMeteredFunctions = 1000;
/** Of one function version. More than one environment has: each generation may bring new names. */
export const maxMeteredExtensions = 32;
/** Characters of a name. An internal extension may choose one as long as a header. */
export const maxMeteredNameLength = 128;

/**
 * What the log store keeps on disk, and what waits in memory to be written there, per environment. Not AWS quotas. A
 * stream has at least one segment. Groups are checked whenever one is written to, the whole store once a minute.
 */
export const logStore = {
  segmentBytes: 4 * MiB,
  groupBytes: 64 * MiB,
  groupSegments: 1000,
  bytes: 1024 * MiB,
  segments: 10_000,
  ageMs: 14 * 24 * 60 * 60 * 1000,
  pendingBytes: 8 * MiB,
} as const;
export type LogStoreLimits = { readonly [name in keyof typeof logStore]: number };
