import { functionArn, type ServiceIdentity } from '../domain/arn.ts';
import type { FunctionConfiguration, FunctionVersion } from '../domain/function-version.ts';

/** A configuration as it is shown on its own: its ARN has the qualifier that was asked with. */
export function configurationView(
  identity: ServiceIdentity,
  { functionName, configuration }: FunctionVersion,
  qualifier?: string,
): FunctionConfiguration {
  return { ...configuration, FunctionArn: functionArn(identity, functionName, qualifier) };
}

/** A configuration in a list, where states and the runtime's version are not shown. */
export function listedConfiguration({ configuration }: FunctionVersion): Partial<FunctionConfiguration> {
  const { State, StateReason, StateReasonCode, RuntimeVersionConfig, ...lasting } = configuration;
  const { LastUpdateStatus, LastUpdateStatusReason, LastUpdateStatusReasonCode, ...rest } = lasting;
  return rest;
}

/** In a list of versions, `$LATEST` has its name in its ARN. */
export function listedVersion(
  identity: ServiceIdentity,
  version: FunctionVersion,
): Partial<FunctionConfiguration> {
  return {
    ...listedConfiguration(version),
    FunctionArn: functionArn(identity, version.functionName, version.version),
  };
}
