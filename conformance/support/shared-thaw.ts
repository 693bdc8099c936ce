import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { openArtifactStore } from '../../src/artifacts/artifact-store.ts';
import { makeMountPlan } from '../../src/artifacts/make-mount-plan.ts';
import { Interpreters } from '../../src/artifacts/runtimes/interpreters.ts';
import { storeRoot } from '../../src/artifacts/store-root.ts';
import type { InvocationResult } from '../../src/domain/invocation.ts';
import type { StoryEvent } from '../../src/domain/story.ts';
import { Environment } from '../../src/environment/environment.ts';
import { InnerApiServer } from '../../src/environment/inner-api/server.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { openSandboxHost } from '../../src/sandbox/open-sandbox-host.ts';
import { functionCode } from './packages.ts';
import { workingHost } from './working-host.ts';

/** What several environments of one process share: sandboxes and the inner APIs' listener. This process is Thaw. */
export interface SharedThaw {
  environmentOf(fixture: string, options?: EnvironmentOptions): Promise<LiveEnvironment>;
}

export interface EnvironmentOptions {
  readonly layerDirs?: readonly string[];
  /** Of an invocation; by default more than any takes, on a busy machine too. */
  readonly timeoutMs?: number;
}

export interface LiveEnvironment {
  readonly environment: Environment;
  /** All that was told so far. */
  readonly story: readonly StoryEvent[];
  /** Resolves when the environment can take the next invocation. */
  invoke(event: unknown): Promise<InvocationResult>;
}

/** Closed, with every environment of it, when the test ends. */
export async function openSharedThaw(t: TestContext): Promise<SharedThaw> {
  await workingHost();
  const store = await openArtifactStore(storeRoot());
  const interpreters = new Interpreters({ storeRoot: storeRoot() });
  const language = await interpreters.mounts(await interpreters.find('nodejs24.x'));
  const sandboxes = await openSandboxHost();
  const innerApis = new InnerApiServer();
  await innerApis.listen(sandboxes.innerApi);
  const environments: Environment[] = [];
  t.after(async () => {
    for (const environment of environments) await environment.kill();
    await innerApis.close();
    await sandboxes.close();
  });
  return {
    environmentOf: async (fixture, { layerDirs = [], timeoutMs = 60_000 } = {}) => {
      const runtime = path.resolve(import.meta.dirname, '../../bootstraps/nodejs/var-runtime');
      const mounts = await makeMountPlan({
        codeDir: functionCode(fixture),
        layerDirs,
        emptyDir: store.emptyDir,
        runtimeMounts: [{ target: '/var/runtime', sources: [runtime] }, ...language],
      });
      const story: StoryEvent[] = [];
      const environment = new Environment({
        id: randomBytes(4).toString('hex'),
        spec: { ...spec, functionName: fixture, timeoutMs },
        mounts,
        egress: false,
        logGroupName: `/aws/lambda/${fixture}`,
        logStreamName: '2026/01/01/[$LATEST]conformance',
        sandboxes,
        innerApis,
        clock: systemClock,
        tell: (event) => story.push(event),
      });
      environments.push(environment);
      return { environment, story, invoke: (event) => invoke(environment, event) };
    },
  };
}

async function invoke(environment: Environment, event: unknown): Promise<InvocationResult> {
  const { answer, settled } = environment.invoke({
    requestId: randomUUID(),
    payload: Buffer.from(JSON.stringify(event)),
    contentType: 'application/json',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:conformance',
    traceId: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0',
  });
  const result = await answer;
  await settled;
  return result;
}

const spec = {
  functionVersion: '$LATEST',
  accountId: '123456789012',
  region: 'us-east-1',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  memoryMiB: 256,
  ephemeralStorageMiB: 512,
  variables: {},
  credentials: { accessKeyId: 'ASIACONFORMANCE', secretAccessKey: 'opens-nothing', sessionToken: 'none' },
  logging: { format: 'Text' },
  initializationType: 'on-demand',
} as const;
