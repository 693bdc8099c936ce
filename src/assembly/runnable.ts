import { ArtifactError } from '../artifacts/artifact-error.ts';
import type { FunctionConfiguration } from '../domain/function-version.ts';
import { isRuntimeId, type RuntimeId, runtimeIds } from '../domain/runtime-id.ts';
import { ServiceError } from '../domain/service-error.ts';

/** What of a configuration decides whether it can run on this machine. @throws ServiceError where it cannot. */
export function runnable(configuration: FunctionConfiguration): { runtime: RuntimeId; handler: string } {
  const { FunctionName, PackageType, Runtime, Handler, FileSystemConfigs } = configuration;
  const refuse = (reason: string): ServiceError => cannotRun('InvalidRuntimeException', FunctionName, reason);
  if (PackageType === 'Image')
    throw refuse('its package is a container image. Deploy it as a .zip file instead.');
  if (Runtime === undefined || Handler === undefined)
    throw refuse(`it has no ${Runtime === undefined ? 'runtime' : 'handler'}. Update its configuration.`);
  if (!isRuntimeId(Runtime))
    throw refuse(`there is no runtime ${Runtime} on this machine. Use one of ${runtimeIds.join(', ')}.`);
  const place = FileSystemConfigs?.[0]?.LocalMountPath;
  if (place !== undefined)
    throw cannotRun(
      'EFSMountFailureException',
      FunctionName,
      `it mounts a file system at ${place}, and there is none. Take FileSystemConfigs away.`,
    );
  return { runtime: Runtime, handler: Handler };
}

/** Turns what is missing on this machine into an answer to who invoked the function; other errors stay as they are. */
export function missing(
  type: 'InvalidRuntimeException' | 'InvalidZipFileException',
  functionName: string,
  error: unknown,
): unknown {
  return error instanceof ArtifactError ? cannotRun(type, functionName, error.message) : error;
}

function cannotRun(type: ServiceError['type'], functionName: string, reason: string): ServiceError {
  return new ServiceError(type, `${functionName} cannot run here: ${reason}`);
}
