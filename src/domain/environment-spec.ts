import type { Logging } from './logging.ts';
import type { RuntimeId } from './runtime-id.ts';

/** Everything one execution environment is made from. Immutable; one function version gives one spec. */
export interface EnvironmentSpec {
  readonly functionName: string;
  /** `$LATEST` or a number. */
  readonly functionVersion: string;
  readonly accountId: string;
  readonly region: string;
  readonly handler: string;
  readonly runtime: RuntimeId;
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  readonly ephemeralStorageMiB: number;
  /** The customer's variables, literal. */
  readonly variables: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  readonly logging: Logging;
  readonly initializationType: 'on-demand';
}

/** Temporary credentials of the function's role, shared by function and extensions. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** `arn:aws:lambda:<region>:<account>:function:<name>`, with `:<qualifier>` only when one was used. */
export function functionArn(spec: EnvironmentSpec, qualifier?: string): string {
  const arn = `arn:aws:lambda:${spec.region}:${spec.accountId}:function:${spec.functionName}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}
