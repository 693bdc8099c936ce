import { randomBytes } from 'node:crypto';
import { Environment } from '../environment/environment.ts';
import { InnerApiServer } from '../environment/inner-api/server.ts';
import { systemClock } from '../foundation/clock.ts';
import { openSandboxHost } from '../sandbox/open-sandbox-host.ts';
import { StoryHub, type StoryReader } from '../telemetry/hub.ts';
import type { PreparedFunction } from './prepare-function.ts';

/** What any number of environments stand on: one sandbox host, one server of the inner APIs. */
export interface EnvironmentGround {
  /** Nothing of it runs before it is opened. */
  environment(prepared: PreparedFunction, readers: readonly StoryReader[]): Environment;
  /** The environments have to be closed before. */
  close(): Promise<void>;
}

/** @throws SandboxError where the host cannot isolate. */
export async function openEnvironmentGround(
  onWarning: (message: string) => void,
): Promise<EnvironmentGround> {
  const sandboxes = await openSandboxHost({ onWarning });
  const innerApis = new InnerApiServer();
  try {
    await innerApis.listen(sandboxes.innerApi);
  } catch (error) {
    await sandboxes.close();
    throw error;
  }
  return {
    environment: ({ spec, mounts, runtimeVersion, cpus, egress }, readers) => {
      const hub = new StoryHub((error) => onWarning(`a reader of the story failed: ${error}`));
      for (const reader of readers) hub.subscribe(reader);
      return new Environment({
        id: randomBytes(4).toString('hex'),
        spec,
        mounts,
        ...(cpus !== undefined && { cpus }),
        egress,
        logGroupName: `/aws/lambda/${spec.functionName}`,
        logStreamName: logStreamName(spec.functionVersion),
        ...(runtimeVersion !== undefined && { runtimeVersion }),
        sandboxes,
        innerApis,
        clock: systemClock,
        tell: (event) => hub.tell(event),
      });
    },
    close: async () => {
      await innerApis.close();
      await sandboxes.close();
    },
  };
}

/** `YYYY/MM/DD/[version]<32 hex>`, in UTC. */
function logStreamName(version: string): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${randomBytes(16).toString('hex')}`;
}
