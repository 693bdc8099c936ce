import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import type { Logging } from '../domain/logging.ts';
import { isOsOnly, type RuntimeId, runtimeFacts } from '../domain/runtime-id.ts';
import { familyDefaults, managedVariables, oldCredentialNames } from './family-variables.ts';

/**
 * Environment variables of the runtime and of extensions ("Working with Lambda environment variables").
 * A later group overrides an earlier one:
 * defaults the customer may override < the customer's < credentials < (runtime only) < reserved.
 */
export interface PlatformVariables {
  /** `host:port`, no scheme. */
  readonly runtimeApi: string;
  /** What the metadata endpoint asks for; of this environment alone. */
  readonly metadataToken: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** `http://host:port` of a service whose API the credentials open; where there is one. */
  readonly serviceUrl?: string;
}

type Variables = Record<string, string>;

export function runtimeVariables(spec: EnvironmentSpec, platform: PlatformVariables): Variables {
  return {
    ...defaults(spec.runtime),
    ...xrayDefaults,
    ...familyDefaults(spec.runtime),
    ...loggingDefaults(spec.logging),
    ...endpoints(spec, platform),
    ...customers(spec),
    ...credentials(spec),
    ...(oldCredentialNames(spec.runtime) && oldCredentials(spec)),
    _HANDLER: spec.handler,
    LAMBDA_TASK_ROOT: '/var/task',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    AWS_LAMBDA_LOG_GROUP_NAME: platform.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: platform.logStreamName,
    ...managedVariables(spec.runtime),
    ...reserved(spec, platform),
  };
}

/** Extensions see what the runtime sees, less what is the runtime's alone. */
export function extensionVariables(spec: EnvironmentSpec, platform: PlatformVariables): Variables {
  const all: Variables = {
    ...defaults(spec.runtime),
    ...endpoints(spec, platform),
    ...customers(spec),
    ...credentials(spec),
    ...reserved(spec, platform),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !runtimeOnly.has(name)));
}

/** Names a customer cannot set ("Reserved environment variables"). */
export const reservedNames: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_LAMBDA_MAX_CONCURRENCY',
  'AWS_LAMBDA_METADATA_API',
  'AWS_LAMBDA_METADATA_TOKEN',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

const runtimeOnly: ReadonlySet<string> = new Set([
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_XRAY_CONTEXT_MISSING',
  'AWS_XRAY_DAEMON_ADDRESS',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
  '_AWS_XRAY_DAEMON_ADDRESS',
  '_AWS_XRAY_DAEMON_PORT',
  '_HANDLER',
]);

function defaults(runtime: RuntimeId): Variables {
  const { family, os } = runtimeFacts(runtime);
  const bringsProgram = isOsOnly(runtime) || family === 'go';
  // Before Amazon Linux 2023 the runtimes without a language have no /var/lang.
  const lang = bringsProgram && os !== 'AL2023' ? '' : '/var/lang/bin:';
  const langLib = bringsProgram ? '' : '/var/lang/lib:';
  return {
    LANG: 'en_US.UTF-8',
    PATH: `${lang}/usr/local/bin:/usr/bin/:/bin:/opt/bin`,
    LD_LIBRARY_PATH: `${langLib}/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib`,
  };
}

const xrayDefaults: Variables = {
  AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  AWS_XRAY_DAEMON_ADDRESS: '169.254.79.129:2000',
  _AWS_XRAY_DAEMON_ADDRESS: '169.254.79.129',
  _AWS_XRAY_DAEMON_PORT: '2000',
};

/** Not there where the function logs as functions do by default. */
function loggingDefaults(logging: Logging): Variables {
  if (logging.format === 'Text') return {};
  return { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: logging.applicationLogLevel };
}

/** What SDKs send these services' requests to. They are more specific than the customer's own for all services. */
function endpoints(spec: EnvironmentSpec, { serviceUrl }: PlatformVariables): Variables {
  if (serviceUrl === undefined || spec.variables.AWS_ENDPOINT_URL !== undefined) return {};
  return {
    AWS_ENDPOINT_URL_LAMBDA: serviceUrl,
    AWS_ENDPOINT_URL_IAM: serviceUrl,
    AWS_ENDPOINT_URL_STS: serviceUrl,
  };
}

/** Names that start with an underscore are never passed on, reserved ones cannot be set. */
function customers(spec: EnvironmentSpec): Variables {
  return Object.fromEntries(
    Object.entries(spec.variables).filter(([name]) => !name.startsWith('_') && !reservedNames.has(name)),
  );
}

function credentials(spec: EnvironmentSpec): Variables {
  return {
    AWS_ACCESS_KEY_ID: spec.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: spec.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: spec.credentials.sessionToken,
  };
}

function oldCredentials(spec: EnvironmentSpec): Variables {
  return {
    AWS_ACCESS_KEY: spec.credentials.accessKeyId,
    AWS_SECRET_KEY: spec.credentials.secretAccessKey,
  };
}

function reserved(spec: EnvironmentSpec, platform: PlatformVariables): Variables {
  return {
    AWS_DEFAULT_REGION: spec.region,
    AWS_REGION: spec.region,
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMiB),
    AWS_LAMBDA_FUNCTION_VERSION: spec.functionVersion,
    AWS_LAMBDA_INITIALIZATION_TYPE: spec.initializationType,
    AWS_LAMBDA_RUNTIME_API: platform.runtimeApi,
    AWS_LAMBDA_METADATA_API: platform.runtimeApi,
    AWS_LAMBDA_METADATA_TOKEN: platform.metadataToken,
    TZ: ':UTC',
  };
}
