import { createHash } from 'node:crypto';

/** Whose service this is: every ARN it makes has both. */
export interface ServiceIdentity {
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
}

/** `arn:aws:lambda:<region>:<account>:function:<name>`, with `:<qualifier>` only where one is given. */
export function functionArn(identity: ServiceIdentity, functionName: string, qualifier?: string): string {
  const arn = `${lambda(identity)}:function:${functionName}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

export function layerArn(identity: ServiceIdentity, layerName: string): string {
  return `${lambda(identity)}:layer:${layerName}`;
}

export function layerVersionArn(identity: ServiceIdentity, layerName: string, version: number): string {
  return `${layerArn(identity, layerName)}:${version}`;
}

/** @param id `csc-` and 17 of `[a-z0-9]`. */
export function codeSigningConfigArn(identity: ServiceIdentity, id: string): string {
  return `${lambda(identity)}:code-signing-config:${id}`;
}

/**
 * It belongs to nobody's account. Here a runtime's version is whatever interpreter the host has when an environment
 * starts, which a deploy cannot know: so the ARN tells the runtime alone, and is the same in a function's configuration
 * and in INIT_START. Which interpreter it was is told by the name of the version beside it.
 *
 * @param runtime its identifier, e.g. `nodejs24.x`.
 */
export function runtimeVersionArn(region: string, runtime: string): string {
  return `arn:aws:lambda:${region}::runtime:${createHash('sha256').update(runtime).digest('hex')}`;
}

function lambda({ region, accountId }: ServiceIdentity): string {
  return `arn:aws:lambda:${region}:${accountId}`;
}

/** A layer, or where it has a `version` one version of it. */
export interface LayerName extends ServiceIdentity {
  readonly layerName: string;
  readonly version?: number;
}

const layerPattern = /^arn:aws[a-zA-Z-]*:lambda:([a-z0-9-]+):(\d{12}):layer:([a-zA-Z0-9-_]+)(?::(\d+))?$/;

/** The parts of a layer's or a layer version's ARN; undefined where it is no such ARN. */
export function parseLayerArn(arn: string): LayerName | undefined {
  const match = layerPattern.exec(arn);
  if (match === null) return undefined;
  const [, region = '', accountId = '', layerName = '', version] = match;
  return { region, accountId, layerName, ...(version !== undefined && { version: Number(version) }) };
}
