import { createHash, randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { openArtifactStore } from '../artifacts/artifact-store.ts';
import { detectRuntime } from '../artifacts/detect-runtime.ts';
import { makeMountPlan } from '../artifacts/make-mount-plan.ts';
import { resolveNodejsInterpreter } from '../artifacts/nodejs-interpreter.ts';
import { storeRoot } from '../artifacts/store-root.ts';
import { type EnvironmentSpec, functionArn } from '../domain/environment-spec.ts';
import type { Invocation } from '../domain/invocation.ts';
import { memoryMiBPerVcpu } from '../domain/limits.ts';
import type { Mount } from '../domain/mount-plan.ts';
import { isOsOnly, nodejsMajor, type RuntimeId } from '../domain/runtime-id.ts';
import { Environment } from '../environment/environment.ts';
import { InnerApiServer } from '../environment/inner-api/server.ts';
import { systemClock } from '../foundation/clock.ts';
import { openSandboxHost } from '../sandbox/open-sandbox-host.ts';
import { requireRoot } from '../sandbox/require-root.ts';
import { StoryHub, type StoryReader } from '../telemetry/hub.ts';

/** What `thaw run` is asked for, validated. */
export interface FunctionRunOptions {
  readonly codePath: string;
  /** Undefined: detected from the code. */
  readonly runtime?: RuntimeId;
  readonly handler: string;
  readonly layerPaths: readonly string[];
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  readonly ephemeralStorageMiB: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly functionName: string;
  readonly region: string;
  /** `lambda`: CPU time in proportion to memory; `host`: all there is. */
  readonly cpu: 'lambda' | 'host';
  readonly egress: boolean;
  readonly readers: readonly StoryReader[];
  readonly onWarning: (message: string) => void;
}

/** One environment of one function, with everything it stands on. */
export interface FunctionRun {
  readonly environment: Environment;
  /** A new invocation of this function; nothing happens before it is given to the environment. */
  invocation(payload: Buffer): Invocation;
  /** Gives back what the run stands on; the environment has to be closed before. */
  close(): Promise<void>;
}

/**
 * Wires one environment. Nothing of it runs yet.
 *
 * @throws ArtifactError where code, layers or the runtime's interpreter cannot be had; SandboxError where the host
 * cannot isolate.
 */
export async function assembleFunctionRun(options: FunctionRunOptions): Promise<FunctionRun> {
  requireRoot();
  const store = await openArtifactStore(storeRoot());
  const code = await store.openCode(options.codePath);
  const layerDirs = await Promise.all(options.layerPaths.map((layer) => store.openLayer(layer)));
  const runtime = options.runtime ?? detectRuntime(code);
  const { mounts: runtimeMounts, version } = await runtimeFiles(runtime, store.root, store.emptyDir);
  const mounts = await makeMountPlan({
    codeDir: code,
    layerDirs,
    runtimeMounts,
    emptyDir: store.emptyDir,
  });
  const spec = environmentSpec(options, runtime);
  const hub = new StoryHub((error) => options.onWarning(`a reader of the story failed: ${error}`));
  for (const reader of options.readers) hub.subscribe(reader);

  const sandboxes = await openSandboxHost({ onWarning: options.onWarning });
  const innerApis = new InnerApiServer();
  try {
    await innerApis.listen(sandboxes.innerApi);
  } catch (error) {
    await sandboxes.close();
    throw error;
  }
  const environment = new Environment({
    id: randomBytes(4).toString('hex'),
    spec,
    mounts,
    ...(options.cpu === 'lambda' && { cpus: options.memoryMiB / memoryMiBPerVcpu }),
    egress: options.egress,
    logGroupName: `/aws/lambda/${spec.functionName}`,
    logStreamName: logStreamName(spec.functionVersion),
    ...(version !== undefined && { runtimeVersion: runtimeVersion(version, spec.region) }),
    sandboxes,
    innerApis,
    clock: systemClock,
    tell: (event) => hub.tell(event),
  });
  return {
    environment,
    invocation: (payload) => newInvocation(spec, payload),
    close: async () => {
      await innerApis.close();
      await sandboxes.close();
    },
  };
}

function environmentSpec(options: FunctionRunOptions, runtime: RuntimeId): EnvironmentSpec {
  return {
    functionName: options.functionName,
    functionVersion: '$LATEST',
    accountId: '123456789012',
    region: options.region,
    handler: options.handler,
    runtime,
    memoryMiB: options.memoryMiB,
    timeoutMs: options.timeoutMs,
    ephemeralStorageMiB: options.ephemeralStorageMiB,
    variables: options.variables,
    credentials: placeholderCredentials(),
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

/** `YYYY/MM/DD/[version]<32 hex>`, in UTC. */
function logStreamName(version: string): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${randomBytes(16).toString('hex')}`;
}

function newInvocation(spec: EnvironmentSpec, payload: Buffer): Invocation {
  return {
    requestId: randomUUID(),
    payload,
    contentType: 'application/json',
    invokedFunctionArn: functionArn(spec),
    traceId: newTraceId(),
  };
}

/** An X-Ray trace header of an unsampled trace. */
function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}
