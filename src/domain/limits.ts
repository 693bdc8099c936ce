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
