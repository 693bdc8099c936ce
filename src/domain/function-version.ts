import { createHash } from 'node:crypto';
import type { LogFormat, LogLevel, SystemLogLevel } from './logging.ts';

/**
 * One version of a function, as the catalog keeps it. `$LATEST` is replaced by each update; a published version never
 * changes but for its state.
 */
export interface FunctionVersion {
  readonly functionName: string;
  /** `$LATEST`, or a number as text. */
  readonly version: string;
  /** As the service API shows it ("FunctionConfiguration"): AWS's own members, complete. */
  readonly configuration: FunctionConfiguration;
  /** The deployment package. */
  readonly code: PackageReference;
  /** In the configured order. Kept by digest: a layer version that is deleted later still serves. */
  readonly layers: readonly LayerReference[];
  /** While an update is in progress: what this was before, and is again if the update fails. */
  readonly before?: FunctionVersion;
}

/** What invocations run: while an update is in progress, what there was before it. */
export function inService(version: FunctionVersion): FunctionVersion {
  return version.before ?? version;
}

/** Bytes that were uploaded, by what they are. */
export interface PackageReference {
  /** SHA-256 of the archive, 64 hex digits. */
  readonly digest: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** Bytes of its contents. */
  readonly unzippedSize: number;
}

export interface LayerReference extends PackageReference {
  /** `arn:aws:lambda:<region>:<account>:layer:<name>:<version>`. */
  readonly arn: string;
}

/** The members of AWS's FunctionConfiguration that Thaw keeps; times are RFC 3339 as Lambda prints them (`…+0000`). */
export interface FunctionConfiguration {
  readonly FunctionName: string;
  /** Unqualified for `$LATEST`, with `:<version>` for published ones. */
  readonly FunctionArn: string;
  readonly Role: string;
  readonly PackageType: 'Zip' | 'Image';
  readonly Runtime?: string;
  readonly Handler?: string;
  readonly CodeSize: number;
  readonly CodeSha256: string;
  readonly Description: string;
  /** Seconds. */
  readonly Timeout: number;
  /** MB. */
  readonly MemorySize: number;
  readonly LastModified: string;
  readonly Version: string;
  readonly VpcConfig?: VpcConfig;
  readonly DeadLetterConfig?: { readonly TargetArn?: string | undefined };
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  readonly KMSKeyArn?: string;
  readonly TracingConfig: { readonly Mode: 'Active' | 'PassThrough' };
  readonly RevisionId: string;
  readonly Layers?: readonly { readonly Arn: string; readonly CodeSize: number }[];
  readonly State: 'Pending' | 'Active' | 'Inactive' | 'Failed';
  readonly StateReason?: string;
  readonly StateReasonCode?: string;
  readonly LastUpdateStatus?: 'Successful' | 'Failed' | 'InProgress';
  readonly LastUpdateStatusReason?: string;
  readonly LastUpdateStatusReasonCode?: string;
  readonly FileSystemConfigs?: readonly FileSystemConfig[];
  /** Only of the runtime `custom`. */
  readonly RuntimeConfig?: { readonly RuntimeArn: string; readonly RuntimeAlias: string };
  readonly SigningProfileVersionArn?: string;
  readonly SigningJobArn?: string;
  readonly Architectures: readonly ('x86_64' | 'arm64')[];
  readonly EphemeralStorage: { readonly Size: number };
  readonly SnapStart: {
    readonly ApplyOn: 'PublishedVersions' | 'None';
    readonly OptimizationStatus: 'On' | 'Off';
  };
  readonly RuntimeVersionConfig?: { readonly RuntimeVersionArn?: string };
  readonly LoggingConfig: {
    readonly LogFormat: LogFormat;
    readonly ApplicationLogLevel?: LogLevel;
    readonly SystemLogLevel?: SystemLogLevel;
    readonly LogGroup: string;
  };
}

export interface VpcConfig {
  readonly SubnetIds: readonly string[];
  readonly SecurityGroupIds: readonly string[];
  readonly VpcId: string;
  readonly Ipv6AllowedForDualStack?: boolean;
}

export interface FileSystemConfig {
  readonly Arn: string;
  readonly LocalMountPath: string;
  readonly S3FilesConfig?:
    | { readonly DirectS3Read?: 'ENABLED' | 'DISABLED' | 'AUTO' | undefined }
    | undefined;
}

/**
 * What a version is, as 64 hex digits: equal for two versions of a function that have the same code, the same layers and
 * the same configuration, whatever their numbers, states, revisions and times.
 */
export function contentDigest({ configuration, code, layers }: FunctionVersion): string {
  const { Version, FunctionArn, RevisionId, LastModified, ...rest } = configuration;
  const { State, StateReason, StateReasonCode, ...lasting } = rest;
  const { LastUpdateStatus, LastUpdateStatusReason, LastUpdateStatusReasonCode, ...settings } = lasting;
  const content = [code.digest, layers.map((layer) => [layer.arn, layer.digest]), settings];
  return createHash('sha256').update(JSON.stringify(content, inOrder)).digest('hex');
}

/** Members in one order, so that equal objects have equal texts. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
