import { functionArn } from '../domain/arn.ts';
import {
  contentDigest,
  type FunctionConfiguration,
  type FunctionVersion,
} from '../domain/function-version.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Deployment } from './deployment.ts';
import { findLatest } from './find-version.ts';
import { refuseOtherRevision, refuseUnsettled, succeeded } from './function-state.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';

export interface PublishVersionRequest {
  readonly CodeSha256?: string | undefined;
  readonly Description?: string | undefined;
  readonly RevisionId?: string | undefined;
  readonly PublishTo?: string | undefined;
}

/**
 * Makes a version of what `$LATEST` is; the one published last where nothing has changed since.
 *
 * @throws ServiceError
 */
export function publishVersion(
  deployment: Deployment,
  functionName: string,
  request: PublishVersionRequest,
): FunctionConfiguration {
  refuseUnsupported(request, ['PublishTo']);
  return deployment.catalog.transaction(() => {
    const latest = findLatest(deployment, functionName);
    refuseUnsettled(latest);
    const { RevisionId, CodeSha256, State } = latest.configuration;
    refuseOtherRevision(RevisionId, request.RevisionId);
    if (State === 'Failed')
      throw new ServiceError(
        'ResourceConflictException',
        'The operation cannot be performed at this time. The function is currently in the following state: Failed',
      );
    if (request.CodeSha256 !== undefined && request.CodeSha256 !== '' && request.CodeSha256 !== CodeSha256)
      throw new ServiceError(
        'InvalidParameterValueException',
        `CodeSHA256 (${request.CodeSha256}) is different from current CodeSHA256 in $LATEST (${CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    const options = { state: succeeded, description: request.Description };
    return publishLatest(deployment, latest, options).configuration;
  });
}

/**
 * Within a transaction. @param state what a version begins with: Pending where its files may not be there yet.
 */
export function publishLatest(
  { catalog, identity }: Deployment,
  latest: FunctionVersion,
  options: {
    readonly state: (configuration: FunctionConfiguration) => FunctionConfiguration;
    readonly description?: string | undefined;
  },
): FunctionVersion {
  const { functionName } = latest;
  const content = contentDigest(latest);
  const last = catalog.versions.lastPublished(functionName);
  if (last?.content === content) return last.version;
  const { before, ...copied } = latest;
  const version = String(catalog.versions.nextNumber(functionName));
  const published: FunctionVersion = {
    ...copied,
    version,
    configuration: options.state({
      ...latest.configuration,
      FunctionArn: functionArn(identity, functionName, version),
      Version: version,
      ...(options.description !== undefined && { Description: options.description }),
    }),
  };
  catalog.versions.publish(published, content);
  return published;
}
