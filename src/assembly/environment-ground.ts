import { randomBytes } from 'node:crypto';
import { defaultLogGroup, logStreamName } from '../domain/log-names.ts';
import { Environment } from '../environment/environment.ts';
import { InnerApiServer } from '../environment/inner-api/server.ts';
import { systemClock } from '../foundation/clock.ts';
import { openSandboxHost } from '../sandbox/open-sandbox-host.ts';
import { StoryHub, type StoryReader } from '../telemetry/hub.ts';
import type { PreparedFunction } from './prepare-function.ts';

/** What tells one environment from all others. */
export interface EnvironmentNames {
  /** Unique among the live ones. */
  readonly id: string;
  /** `YYYY/MM/DD/[version]<32 hex>`, in UTC; in another group than the function's own with its name before the version. */
  readonly logStreamName: string;
}

/** What any number of environments stand on: one sandbox host, one server of the inner APIs. */
export interface EnvironmentGround {
  /** Nothing of it runs before it is opened. */
  environment(
    prepared: PreparedFunction,
    readers: readonly StoryReader[],
    names?: EnvironmentNames,
  ): Environment;
  /** Where a service is to listen for environments: they are told it, and reach it. */
  readonly serviceApi?: { readonly host: string; readonly port: number };
  /** The environments have to be closed before. */
  close(): Promise<void>;
}

export interface GroundOptions {
  /** Whether environments are to reach a service's own API; default false. */
  readonly servesService?: boolean;
  /** False: the caller clears away what dead Thaws left; default true. */
  readonly clearsLeftovers?: boolean;
  /** Gives up waiting for other Thaws of this machine. */
  readonly signal?: AbortSignal;
}

/**
 * @throws SandboxError where the host cannot isolate.
 */
export async function openEnvironmentGround(
  onWarning: (message: string) => void,
  options: GroundOptions = {},
): Promise<EnvironmentGround> {
  const sandboxes = await openSandboxHost({ ...options, onWarning });
  const { serviceApi } = sandboxes;
  const innerApis = new InnerApiServer();
  try {
    await innerApis.listen(sandboxes.innerApi);
  } catch (error) {
    await sandboxes.close();
    throw error;
  }
  return {
    environment: (prepared, readers, names = newEnvironmentNames(prepared)) => {
      const { spec, mounts, runtimeVersion, notices, cpus, egress } = prepared;
      const hub = new StoryHub((error) => onWarning(`a reader of the story failed: ${error}`));
      for (const reader of readers) hub.subscribe(reader);
      return new Environment({
        ...names,
        spec,
        mounts,
        ...(cpus !== undefined && { cpus }),
        egress,
        logGroupName: logGroupOf(prepared),
        ...(serviceApi !== undefined && { serviceUrl: `http://${serviceApi.host}:${serviceApi.port}` }),
        ...(runtimeVersion !== undefined && { runtimeVersion }),
        notices,
        sandboxes,
        innerApis,
        clock: systemClock,
        tell: (event) => hub.tell(event),
      });
    },
    ...(serviceApi !== undefined && { serviceApi }),
    close: async () => {
      await innerApis.close();
      await sandboxes.close();
    },
  };
}

export function newEnvironmentNames(prepared: PreparedFunction): EnvironmentNames {
  const { functionName, functionVersion: version } = prepared.spec;
  const names = { functionName, version, group: logGroupOf(prepared) };
  return {
    id: randomBytes(4).toString('hex'),
    logStreamName: logStreamName(names, new Date(), randomBytes(16).toString('hex')),
  };
}

function logGroupOf({ spec, logGroupName }: PreparedFunction): string {
  return logGroupName ?? defaultLogGroup(spec.functionName);
}
