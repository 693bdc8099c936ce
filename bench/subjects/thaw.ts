import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openArtifactStore } from '../../src/artifacts/artifact-store.ts';
import { makeMountPlan } from '../../src/artifacts/make-mount-plan.ts';
import { storeRoot } from '../../src/artifacts/store-root.ts';
import { functionArn } from '../../src/domain/environment-spec.ts';
import type { MountPlan } from '../../src/domain/mount-plan.ts';
import { Environment } from '../../src/environment/environment.ts';
import { InnerApiServer } from '../../src/environment/inner-api/server.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import type { SandboxHost } from '../../src/sandbox/driver.ts';
import { openSandboxHost } from '../../src/sandbox/open-sandbox-host.ts';
import { StoryHub, type StoryReader } from '../../src/telemetry/hub.ts';
import { terminalLogText } from '../../src/telemetry/terminal-log.ts';
import { bootstrapDir, functionDir, interpreter, layerDir, logNames, spec } from './fixtures.ts';
import type { Subject } from './subject.ts';

/** What a Thaw that lives on has up before anybody asks for an environment. */
export interface ThawGround {
  readonly host: SandboxHost;
  /** A whole cold start. */
  open(extensions: 0 | 1, readers?: readonly StoryReader[]): Promise<ThawSubject>;
  /** The same function with another layer and these variables. */
  openWith(setting: Setting, readers?: readonly StoryReader[]): Promise<ThawSubject>;
  close(): Promise<void>;
}

export interface Setting {
  readonly layerDirs: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

export interface ThawSubject extends Subject {
  readonly environment: Environment;
}

export interface ThawGroundOptions {
  readonly stateDir?: string;
  /** Puts something between environments and their sandboxes, to measure there. */
  readonly through?: (host: SandboxHost) => SandboxHost;
}

export async function openThawGround({ stateDir, through }: ThawGroundOptions = {}): Promise<ThawGround> {
  const store = await openArtifactStore(storeRoot());
  const { dir } = await interpreter();
  const planOf = (layerDirs: readonly string[]) =>
    makeMountPlan({
      codeDir: functionDir,
      layerDirs,
      emptyDir: store.emptyDir,
      runtimeMounts: [
        { target: '/var/runtime', sources: [bootstrapDir] },
        { target: '/var/lang', sources: [dir] },
      ],
    });
  const plans = [await planOf([]), await planOf([layerDir])] as const;
  const host = await openSandboxHost({ ...(stateDir !== undefined && { stateDir }) });
  const sandboxes = through?.(host) ?? host;
  const innerApis = new InnerApiServer();
  await innerApis.listen(host.innerApi);

  const open = async (
    mounts: MountPlan,
    variables: Setting['variables'],
    readers: readonly StoryReader[] = [],
  ): Promise<ThawSubject> => {
    const hub = new StoryHub((error) => {
      throw error;
    });
    // Somebody always writes the log; where it goes is not ours to measure.
    for (const reader of [writeLog, ...readers]) hub.subscribe(reader);
    const environment = new Environment({
      id: randomBytes(4).toString('hex'),
      spec: { ...spec, variables },
      mounts,
      egress: true,
      ...logNames,
      sandboxes,
      innerApis,
      clock: systemClock,
      tell: (event) => hub.tell(event),
    });
    const fault = await environment.open();
    if (fault !== undefined) throw new Error(`the environment did not open: ${fault.message}`);
    return {
      environment,
      invoke: (payload) => invoke(environment, payload),
      close: () => environment.kill(),
    };
  };
  return {
    host,
    open: (extensions, readers) => open(plans[extensions], {}, readers),
    openWith: async ({ layerDirs, variables }, readers) => open(await planOf(layerDirs), variables, readers),
    close: async () => {
      await innerApis.close();
      await host.close();
    },
  };
}

const plainStyle = { width: 120, unicode: false, colour: false };

function writeLog(event: Parameters<StoryReader>[0]): void {
  terminalLogText(event, plainStyle);
}

function invoke(environment: Environment, payload: Buffer) {
  const { answer, settled } = environment.invoke({
    requestId: randomUUID(),
    payload,
    contentType: 'application/json',
    invokedFunctionArn: functionArn(spec),
    traceId: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0',
  });
  // The freeze is ordered at the end of the turn.
  return { answer: answer.then(payloadOf), settled: settled.then(() => nextTurn()) };
}

function payloadOf({ outcome, payload }: { outcome: string; payload: Buffer }): Buffer {
  if (outcome !== 'ok') throw new Error(`the function failed: ${payload}`);
  return payload;
}
