import type { FunctionConfiguration } from '../domain/function-version.ts';
import { lambdaTime } from '../domain/lambda-time.ts';
import type { Deployment } from './deployment.ts';
import { findLatest } from './find-version.ts';
import { refuseUnsigned } from './function-code-signing.ts';
import { created, refuseOtherRevision, refuseUnsettled, updating } from './function-state.ts';
import { publishLatest } from './publish-version.ts';
import { type CodeSource, codeMembers, receiveCode } from './receive-code.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import { checkUnzippedSize } from './resolve-layers.ts';

export interface UpdateFunctionCodeRequest extends CodeSource {
  readonly Architectures?: readonly ('x86_64' | 'arm64')[] | undefined;
  readonly Publish?: boolean | undefined;
  readonly DryRun?: boolean | undefined;
  readonly RevisionId?: string | undefined;
  readonly PublishTo?: string | undefined;
}

/**
 * Answers while the update is in progress; it is durable then. With `Publish` the answer is the new version; with
 * `DryRun` what the function would be, and nothing is changed.
 *
 * @throws ServiceError
 */
export async function updateFunctionCode(
  deployment: Deployment,
  functionName: string,
  request: UpdateFunctionCodeRequest,
): Promise<FunctionConfiguration> {
  const { catalog, settler } = deployment;
  const findUpdatable = () => {
    const latest = findLatest(deployment, functionName);
    refuseUnsettled(latest);
    refuseOtherRevision(latest.configuration.RevisionId, request.RevisionId);
    refuseUnsigned(catalog.codeSigning.of(functionName));
    return latest;
  };
  refuseUnsupported(request, ['PublishTo']);
  findUpdatable();
  const code = await receiveCode(deployment.packages, request);
  const [latest, published] = catalog.transaction(() => {
    const current = findUpdatable();
    checkUnzippedSize(code, current.layers);
    const configuration = {
      ...current.configuration,
      ...codeMembers(code),
      ...(request.Architectures !== undefined && { Architectures: request.Architectures }),
      LastModified: lambdaTime(deployment.clock()),
    };
    if (request.DryRun) return [{ ...current, configuration, code }];
    const latest = { ...current, configuration: updating(configuration), code, before: current };
    catalog.versions.replace(latest);
    return [
      latest,
      request.Publish ? publishLatest(deployment, latest, { state: created }) : undefined,
    ] as const;
  });
  if (request.DryRun) return latest.configuration;
  settler.settle(latest);
  if (published !== undefined) settler.settle(published);
  return (published ?? latest).configuration;
}
