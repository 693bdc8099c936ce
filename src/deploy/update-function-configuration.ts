import type { FunctionConfiguration, FunctionVersion } from '../domain/function-version.ts';
import { lambdaTime } from '../domain/lambda-time.ts';
import type { Deployment } from './deployment.ts';
import { findLatest } from './find-version.ts';
import { refuseUnsigned } from './function-code-signing.ts';
import { layerMembers, readSettings, type SettingsRequest } from './function-settings.ts';
import { refuseOtherRevision, refuseUnsettled, updating } from './function-state.ts';
import { checkUnzippedSize, resolveLayers } from './resolve-layers.ts';

export interface UpdateFunctionConfigurationRequest extends SettingsRequest {
  /** All that the function is to have; an empty list takes them away. */
  readonly Layers?: readonly string[] | undefined;
  readonly RevisionId?: string | undefined;
}

/**
 * What is not mentioned stays. Answers while the update is in progress; it is durable then.
 *
 * @throws ServiceError
 */
export function updateFunctionConfiguration(
  deployment: Deployment,
  functionName: string,
  request: UpdateFunctionConfigurationRequest,
): FunctionConfiguration {
  const latest = deployment.catalog.transaction(() => {
    const current = findLatest(deployment, functionName);
    refuseUnsettled(current);
    refuseOtherRevision(current.configuration.RevisionId, request.RevisionId);
    const updated = withLayers(deployment, current, request.Layers);
    const settings = readSettings(deployment.identity, request, current.configuration.LoggingConfig);
    const configuration = updating(
      withoutCleared({
        ...updated.configuration,
        ...settings,
        LastModified: lambdaTime(deployment.clock()),
      }),
    );
    const next = { ...updated, configuration, before: current };
    deployment.catalog.versions.replace(next);
    return next;
  });
  deployment.settler.settle(latest);
  return latest.configuration;
}

function withLayers(
  deployment: Deployment,
  current: FunctionVersion,
  arns: readonly string[] | undefined,
): FunctionVersion {
  if (arns === undefined) return current;
  // Layers are signed or not as code is.
  if (arns.length > 0) refuseUnsigned(deployment.catalog.codeSigning.of(current.functionName));
  // One that the function has already stays usable, even where it was deleted meanwhile.
  const kept = new Map(current.layers.map((layer) => [layer.arn, layer]));
  const catalog = { version: (arn: string) => kept.get(arn) ?? deployment.layers.version(arn) };
  const layers = resolveLayers({ ...deployment, layers: catalog }, arns);
  checkUnzippedSize(current.code, layers);
  const { Layers, ...configuration } = current.configuration;
  return { ...current, layers, configuration: { ...configuration, ...layerMembers(layers) } };
}

/** An empty text or list takes such a setting away. */
function withoutCleared(configuration: FunctionConfiguration): FunctionConfiguration {
  const { KMSKeyArn, DeadLetterConfig, FileSystemConfigs, ...rest } = configuration;
  return {
    ...rest,
    ...(KMSKeyArn && { KMSKeyArn }),
    ...(DeadLetterConfig?.TargetArn && { DeadLetterConfig }),
    ...(FileSystemConfigs !== undefined && FileSystemConfigs.length > 0 && { FileSystemConfigs }),
  };
}
