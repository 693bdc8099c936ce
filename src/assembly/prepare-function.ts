import { openArtifactStore } from '../artifacts/artifact-store.ts';
import { detectRuntime } from '../artifacts/detect-runtime.ts';
import { makeMountPlan } from '../artifacts/make-mount-plan.ts';
import type { RuntimeSettings } from '../artifacts/runtimes/runtime-settings.ts';
import { storeRoot } from '../artifacts/store-root.ts';
import { treeSize } from '../artifacts/tree-size.ts';
import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import { maxArchiveEntries, maxUnzippedBytes, memoryMiBPerVcpu } from '../domain/limits.ts';
import type { Logging } from '../domain/logging.ts';
import type { MountPlan } from '../domain/mount-plan.ts';
import type { RuntimeId } from '../domain/runtime-id.ts';
import { openRuntimeFiles } from './runtime-files.ts';

/** `lambda`: CPU time in proportion to memory; `host`: all there is. */
export type CpuRule = 'lambda' | 'host';

/** What a verb is asked to run, validated. */
export interface FunctionSettings {
  readonly codePath: string;
  /** Undefined: detected from the code. */
  readonly runtime?: RuntimeId;
  /** Comes over what the store has. */
  readonly runtimeSettings: RuntimeSettings;
  readonly handler: string;
  readonly layerPaths: readonly string[];
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  readonly ephemeralStorageMiB: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logging: Logging;
  readonly functionName: string;
  readonly region: string;
  readonly cpu: CpuRule;
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
  /** What whoever reads the log has to know of how it was made. */
  readonly notices: readonly string[];
  readonly cpus?: number;
  readonly egress: boolean;
  /** Absent: `/aws/lambda/<function name>`. */
  readonly logGroupName?: string;
}

/**
 * @param onWork is told of what takes seconds, before it begins.
 * @throws ArtifactError where code, layers or the runtime's interpreter cannot be had.
 */
export async function prepareFunction(
  settings: FunctionSettings,
  onWork: (message: string) => void,
): Promise<PreparedFunction> {
  const store = await openArtifactStore(storeRoot());
  const codeDir = await store.openCode(settings.codePath);
  const layerDirs = await Promise.all(settings.layerPaths.map((layer) => store.openLayer(layer)));
  const runtime = settings.runtime ?? detectRuntime(codeDir);
  const { root, emptyDir } = store;
  const files = await openRuntimeFiles(runtime, {
    storeRoot: root,
    emptyDir,
    region: settings.region,
    settings: settings.runtimeSettings,
    onWork,
  });
  const mounts = await makeMountPlan({ codeDir, layerDirs, runtimeMounts: files.mounts, emptyDir });
  return {
    spec: environmentSpec(settings, runtime),
    mounts,
    packageBytes: await bytesOf([codeDir, ...layerDirs]),
    ...(files.version !== undefined && { runtimeVersion: files.version }),
    notices: files.notices,
    ...cpuShare(settings.cpu, settings.memoryMiB),
    egress: settings.egress,
  };
}

export function cpuShare(rule: CpuRule, memoryMiB: number): { readonly cpus?: number } {
  return rule === 'lambda' ? { cpus: memoryMiB / memoryMiBPerVcpu } : {};
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
