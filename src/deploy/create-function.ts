import { functionArn } from '../domain/arn.ts';
import { functionTarget } from '../domain/function-target.ts';
import type { FunctionConfiguration, FunctionVersion, PackageReference } from '../domain/function-version.ts';
import { lambdaTime } from '../domain/lambda-time.ts';
import { ephemeralStorageMiB, maxFunctionNameLength, memoryMiB, timeoutS } from '../domain/limits.ts';
import { ServiceError } from '../domain/service-error.ts';
import { checkTags } from './check-tags.ts';
import type { Deployment } from './deployment.ts';
import { findAttachable, putFunctionCodeSigning, refuseUnsigned } from './function-code-signing.ts';
import { layerMembers, readSettings, type SettingsRequest } from './function-settings.ts';
import { created } from './function-state.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { publishLatest } from './publish-version.ts';
import { defaultLogging } from './read-logging.ts';
import { type CodeSource, codeMembers, receiveCode } from './receive-code.ts';
import { refuseSystemTags } from './refuse-system-tags.ts';
import { checkUnzippedSize, resolveLayers } from './resolve-layers.ts';

export interface CreateFunctionRequest extends SettingsRequest {
  readonly FunctionName: string;
  readonly Role: string;
  readonly Code: CodeSource;
  readonly PackageType?: 'Zip' | 'Image' | undefined;
  readonly Layers?: readonly string[] | undefined;
  readonly Architectures?: readonly ('x86_64' | 'arm64')[] | undefined;
  readonly Tags?: Readonly<Record<string, string>> | undefined;
  readonly Publish?: boolean | undefined;
  readonly CodeSigningConfigArn?: string | undefined;
}

/**
 * Answers while the function is Pending; it is durable then. With `Publish` the answer is version 1, under the ARN of
 * the function.
 *
 * @throws ServiceError
 */
export async function createFunction(
  deployment: Deployment,
  request: CreateFunctionRequest,
): Promise<FunctionConfiguration> {
  const { catalog, identity, settler } = deployment;
  const functionName = newFunctionName(deployment, request.FunctionName);
  refuseExisting(deployment, functionName);
  const configure = readRequest(deployment, functionName, request);
  const code = await receiveCode(deployment.packages, request.Code);
  const [latest, published] = catalog.transaction(() => {
    refuseExisting(deployment, functionName);
    const latest = configure(code);
    catalog.functions.create(latest);
    if (request.CodeSigningConfigArn !== undefined)
      putFunctionCodeSigning(deployment, functionName, request.CodeSigningConfigArn);
    if (request.Tags !== undefined) catalog.tags.put(functionName, request.Tags);
    return [
      latest,
      request.Publish ? publishLatest(deployment, latest, { state: created }) : undefined,
    ] as const;
  });
  settler.settle(latest);
  if (published === undefined) return latest.configuration;
  settler.settle(published);
  return { ...published.configuration, FunctionArn: functionArn(identity, functionName) };
}

function newFunctionName({ identity }: Deployment, text: string): string {
  const { functionName, qualifier } = functionTarget(identity, text);
  if (functionName.length > maxFunctionNameLength)
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${functionName}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to ${maxFunctionNameLength}`,
    );
  if (qualifier !== undefined)
    throw invalidParameter(`A function is created without a qualifier: leave :${qualifier} out of ${text}.`);
  return functionName;
}

function refuseExisting({ catalog }: Deployment, functionName: string): void {
  if (catalog.functions.has(functionName))
    throw new ServiceError('ResourceConflictException', `Function already exist: ${functionName}`);
}

/** Refuses everything that can be refused before the code is looked at. @returns what the function is with its code. */
function readRequest(
  deployment: Deployment,
  functionName: string,
  request: CreateFunctionRequest,
): (code: PackageReference) => FunctionVersion {
  if (request.PackageType === 'Image')
    throw invalidParameter(
      'Thaw does not run container images. Upload the code as a zip archive, with PackageType Zip.',
    );
  if (request.Runtime === undefined || request.Handler === undefined)
    throw invalidParameter(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  if (request.CodeSigningConfigArn !== undefined)
    refuseUnsigned(findAttachable(deployment, request.CodeSigningConfigArn));
  refuseSystemTags(Object.keys(request.Tags ?? {}));
  checkTags(request.Tags ?? {});
  const { identity } = deployment;
  const logging = defaultLogging(functionName);
  const settings = readSettings(identity, request, logging);
  const findLayers = () => resolveLayers(deployment, request.Layers ?? []);
  findLayers();
  return (code) => {
    // Again: while the code came, one may have been deleted, and its bytes collected.
    const layers = findLayers();
    checkUnzippedSize(code, layers);
    const configuration: Omit<FunctionConfiguration, 'State' | 'RevisionId'> = {
      FunctionName: functionName,
      FunctionArn: functionArn(identity, functionName),
      Role: request.Role,
      PackageType: 'Zip',
      Description: '',
      Timeout: timeoutS.default,
      MemorySize: memoryMiB.default,
      TracingConfig: { Mode: 'PassThrough' },
      EphemeralStorage: { Size: ephemeralStorageMiB.default },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      LoggingConfig: logging,
      Architectures: request.Architectures ?? ['x86_64'],
      ...settings,
      ...layerMembers(layers),
      ...codeMembers(code),
      LastModified: lambdaTime(deployment.clock()),
      Version: '$LATEST',
    };
    return { functionName, version: '$LATEST', configuration: created(configuration), code, layers };
  };
}
