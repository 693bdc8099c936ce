import type { RuntimeManagement } from '../catalog/runtime-management.ts';
import type { FunctionTarget } from '../domain/function-target.ts';
import type { Deployment } from './deployment.ts';
import { findVersion } from './find-version.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Kept, without effect: runtimes are updated with the host's. @throws ServiceError */
export function putRuntimeManagement(
  deployment: Deployment,
  target: FunctionTarget,
  request: Pick<RuntimeManagement, 'UpdateRuntimeOn'> & { readonly RuntimeVersionArn?: string | undefined },
): RuntimeManagement {
  const { UpdateRuntimeOn, RuntimeVersionArn } = request;
  if ((UpdateRuntimeOn === 'Manual') !== (RuntimeVersionArn !== undefined))
    throw invalidParameter(
      RuntimeVersionArn === undefined
        ? 'UpdateRuntimeOn Manual needs the RuntimeVersionArn to stay on.'
        : `A RuntimeVersionArn can only be given with UpdateRuntimeOn Manual, not with ${UpdateRuntimeOn}.`,
    );
  return deployment.catalog.transaction(() => {
    const { functionName, version } = findVersion(deployment, target);
    const config = { UpdateRuntimeOn, ...(RuntimeVersionArn !== undefined && { RuntimeVersionArn }) };
    deployment.catalog.runtimeManagement.put(functionName, config, version);
    return config;
  });
}

/** `Auto` where nothing was set. @throws ServiceError where the version is not there. */
export function findRuntimeManagement(deployment: Deployment, target: FunctionTarget): RuntimeManagement {
  const { functionName, version } = findVersion(deployment, target);
  return deployment.catalog.runtimeManagement.get(functionName, version) ?? { UpdateRuntimeOn: 'Auto' };
}
