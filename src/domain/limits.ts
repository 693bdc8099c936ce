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
/** Response that is passed on as it arrives ("Invocation payload", streamed). */
export const maxStreamedResponseBytes = 200 * MiB;
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

/** Findings about refused calls of extensions, per environment. Not an AWS quota: names and errors are the callers'. */
export const maxRefusalFindings = 20;

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

/** A .zip file that is uploaded ("deployment package (.zip file archive) size"). */
export const maxPackageBytes = 50 * MiB;
/** All packages kept ("function and layer storage"). */
export const maxCodeStorageBytes = 75 * 1024 * MiB;
/** How long a package is kept that nothing references yet: what it was uploaded for may be under way. Not an AWS quota. */
export const unreferencedPackageMs = 10 * 60 * 1000;
/** Packages that are unpacked at a time; others wait. Not an AWS quota: each takes a core, and eight files. */
export const maxPackagesUnpacking = 2;

/** Characters of a new function's name. */
export const maxFunctionNameLength = 64;
/** "Number of tags" of a resource. */
export const maxTags = 50;
/** "Concurrent executions" of an account, where nothing else is configured. */
export const defaultConcurrentExecutions = 1000;
/** What reservations must leave to functions without one. */
export const minUnreservedConcurrency = 100;

/** "IAM and AWS STS quotas"; policies are counted without their white space. */
export const iamQuota = {
  rolesPerAccount: 1000,
  policiesPerAccount: 1500,
  managedPoliciesPerRole: 10,
  tagsPerRole: 50,
  /** All inline policies of a role together. */
  inlinePolicyCharacters: 10_240,
  managedPolicyCharacters: 6144,
  trustPolicyCharacters: 2048,
  maxSessionS: { min: 3600, max: 43_200, default: 3600 },
  /** Parameters of one request of IAM's query API, and how many there may be. Not an AWS quota. */
  requestBytes: 512 * 1024,
  requestParameters: 1000,
} as const;

/** Payload of an asynchronous invocation's event: 1 MiB since October 2025, 256 KiB before. */
export const maxAsyncEventBytes = 1 * MiB;
/** Whole request of the operations that take a .zip file: what AWS's own refusal names. */
export const maxUploadRequestBytes = 70_167_211;
/** Whole request of every other operation of the service API. Not an AWS quota. */
export const maxApiRequestBytes = 1 * MiB;
/** Bodies of requests to the service API that are held at one time, of all connections together. Not an AWS quota. */
export const maxApiBodiesBytes = 512 * MiB;
/** Of a body that is refused for its size, what is read and thrown away so that its sender sees the refusal. Not an AWS quota. */
export const maxDiscardedBytes = 256 * MiB;
/** Request line and headers of one request to the service API. Not an AWS quota. */
export const maxApiHeaderBytes = 32 * 1024;
/** Not AWS quotas: connections to the service API, and requests sent on one before the first was answered. */
export const maxApiConnections = 1024;
export const maxPipelinedRequests = 16;

/**
 * What a host is taken to need for one environment, on average. Not an AWS quota: a function's own memory is a limit,
 * which few come near, and not kept for it.
 */
export const environmentFootprintBytes = 128 * MiB;
/** How environments are shared out and kept. Not AWS quotas. */
export const scheduling = {
  idleTimeoutMs: 10 * 60 * 1000,
  startSlotMs: 1000,
  turnMs: 1000,
  /** Invocations that wait for an environment, and how long. */
  maxWaiting: 1000,
  waitTimeoutMs: 60_000,
  expiryMarginMs: 60_000,
} as const;

/** "Function resource-based policy", and that of a layer version: characters of its text. */
export const maxPolicyLength = 20 * 1024;
/** Items of one page, however many are asked for. */
export const maxPageItems = 50;

/** Client context of an invocation, in base64. */
export const maxClientContextBytes = 3583;
/** End of an invocation's log that its caller may have with the answer. */
export const logTailBytes = 4096;
/** Asynchronous invocations that are accepted and not finished. Not AWS quotas. */
export const asyncBacklog = {
  events: 100_000,
  bytes: 1024 * MiB,
  eventsPerFunction: 50_000,
  bytesPerFunction: 512 * MiB,
} as const;
/** In front of a streamed HTTP response: its status, headers and cookies. Not an AWS quota. */
export const maxHttpPreludeBytes = 256 * 1024;
/** Bodies of requests to function URLs that are held at one time, of all URLs together. Not an AWS quota. */
export const maxUrlBodiesBytes = 256 * MiB;
