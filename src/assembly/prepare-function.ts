import { createHash } from 'node:crypto';
import path from 'node:path';
import { openArtifactStore } from '../artifacts/artifact-store.ts';
import { detectRuntime } from '../artifacts/detect-runtime.ts';
import { makeMountPlan } from '../artifacts/make-mount-plan.ts';
import { resolveNodejsInterpreter } from '../artifacts/nodejs-interpreter.ts';
import { storeRoot } from '../artifacts/store-root.ts';
import { treeSize } from '../artifacts/tree-size.ts';
import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import { maxArchiveEntries, maxUnzippedBytes, memoryMiBPerVcpu } from '../domain/limits.ts';
import type { Logging } from '../domain/logging.ts';
import type { Mount, MountPlan } from '../domain/mount-plan.ts';
import { isOsOnly, nodejsMajor, type RuntimeId } from '../domain/runtime-id.ts';

/** What a verb is asked to run, validated. */
export interface FunctionSettings {
  readonly codePath: string;
  /** Undefined: detected from the code. */
  readonly runtime?: RuntimeId;
  readonly handler: string;
  readonly layerPaths: readonly string[];
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  readonly ephemeralStorageMiB: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logging: Logging;
  readonly functionName: string;
  readonly region: string;
  /** `lambda`: CPU time in proportion to memory; `host`: all there is. */
  readonly cpu: 'lambda' | 'host';
  readonly egress: boolean;
}

/** A function whose files are where environments can be made from them. */
export interface PreparedFunction {
  readonly spec: EnvironmentSpec;
  readonly mounts: MountPlan;
  /** Unzipped bytes of code and layers together. */
  readonly packageBytes: number;
  /** What INIT_START names; managed runtimes only. */
  readonly runtimeVersion?: { readonly name: string; readonly arn: string };
  readonly cpus?: number;
  readonly egress: boolean;
}

/** @throws ArtifactError where code, layers or the runtime's interpreter cannot be had. */
export async function prepareFunction(settings: FunctionSettings): Promise<PreparedFunction> {
  const store = await openArtifactStore(storeRoot());
  const codeDir = await store.openCode(settings.codePath);
  const layerDirs = await Promise.all(settings.layerPaths.map((layer) => store.openLayer(layer)));
  const runtime = settings.runtime ?? detectRuntime(codeDir);
  const { mounts: runtimeMounts, version } = await runtimeFiles(runtime, store.root, store.emptyDir);
  const mounts = await makeMountPlan({ codeDir, layerDirs, runtimeMounts, emptyDir: store.emptyDir });
  return {
    spec: environmentSpec(settings, runtime),
    mounts,
    packageBytes: await bytesOf([codeDir, ...layerDirs]),
    ...(version !== undefined && { runtimeVersion: runtimeVersion(version, settings.region) }),
    ...(settings.cpu === 'lambda' && { cpus: settings.memoryMiB / memoryMiBPerVcpu }),
    egress: settings.egress,
  };
}

async function bytesOf(directories: readonly string[]): Promise<number> {
  const bounds = { bytes: maxUnzippedBytes, entries: maxArchiveEntries };
  const sizes = await Promise.all(directories.map((directory) => treeSize(directory, bounds)));
  return sizes.reduce((sum, { bytes }) => sum + bytes, 0);
}

function environmentSpec(settings: FunctionSettings, runtime: RuntimeId): EnvironmentSpec {
  return {
    functionName: settings.functionName,
    functionVersion: '$LATEST',
    accountId: '123456789012',
    region: settings.region,
    handler: settings.handler,
    runtime,
    memoryMiB: settings.memoryMiB,
    timeoutMs: settings.timeoutMs,
    ephemeralStorageMiB: settings.ephemeralStorageMiB,
    variables: settings.variables,
    credentials: placeholderCredentials(),
    logging: settings.logging,
    initializationType: 'on-demand',
  };
}

/** There is no role behind a local run: the variables exist, as programs expect, and open nothing. */
function placeholderCredentials() {
  return {
    accessKeyId: 'ASIATHAWLOCALRUN0000',
    secretAccessKey: 'thaw-run-has-no-role-so-this-key-opens-0',
    sessionToken: 'thaw-run-has-no-role',
  };
}

async function runtimeFiles(
  runtime: RuntimeId,
  root: string,
  emptyDir: string,
): Promise<{ mounts: Mount[]; version?: string }> {
  if (isOsOnly(runtime)) return { mounts: [{ target: '/var/runtime', sources: [emptyDir] }] };
  const interpreter = await resolveNodejsInterpreter(runtime, { storeRoot: root });
  const bootstrap = path.join(import.meta.dirname, '../../bootstraps/nodejs/var-runtime');
  return {
    mounts: [
      { target: '/var/runtime', sources: [bootstrap] },
      { target: '/var/lang', sources: [interpreter.dir] },
    ],
    version: `nodejs:${nodejsMajor(runtime)}.v${interpreter.version}`,
  };
}

/** What INIT_START names: here the interpreter's own version. */
function runtimeVersion(name: string, region: string): { name: string; arn: string } {
  const digest = createHash('sha256').update(name).digest('hex');
  return { name, arn: `arn:aws:lambda:${region}::runtime:${digest}` };
}
