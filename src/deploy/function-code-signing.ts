import type { CodeSigningConfig } from '../catalog/code-signing-configs.ts';
import { functionNotFound } from '../domain/function-target.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Deployment } from './deployment.ts';

/** From the next deployment on. @throws ServiceError where function or configuration are not there. */
export function putFunctionCodeSigning(deployment: Deployment, functionName: string, arn: string): void {
  const { catalog, identity } = deployment;
  catalog.transaction(() => {
    findAttachable(deployment, arn);
    if (!catalog.functions.has(functionName)) throw functionNotFound(identity, functionName);
    catalog.codeSigning.attach(functionName, arn);
  });
}

/** @returns undefined where the function uses none. @throws ServiceError where it is not there. */
export function findFunctionCodeSigning(
  { catalog, identity }: Deployment,
  functionName: string,
): CodeSigningConfig | undefined {
  if (!catalog.functions.has(functionName)) throw functionNotFound(identity, functionName);
  return catalog.codeSigning.of(functionName);
}

/** @throws ServiceError where the function is not there. */
export function deleteFunctionCodeSigning({ catalog, identity }: Deployment, functionName: string): void {
  catalog.transaction(() => {
    if (!catalog.functions.has(functionName)) throw functionNotFound(identity, functionName);
    catalog.codeSigning.detach(functionName);
  });
}

/** The configuration that a function is to use. @throws ServiceError where it is not there. */
export function findAttachable({ catalog }: Deployment, arn: string): CodeSigningConfig {
  const config = catalog.codeSigning.get(arn);
  if (config === undefined)
    throw new ServiceError(
      'CodeSigningConfigNotFoundException',
      `The code signing configuration cannot be found. Check that the provided configuration is not deleted: ${arn}.`,
    );
  return config;
}

/**
 * For deployments of code and layers. Signatures are not verified here, so everything that is uploaded counts as
 * unsigned: under `Enforce` it is refused, where accepting it would promise what nobody checked.
 *
 * @param config that the function uses. @throws ServiceError
 */
export function refuseUnsigned(config: CodeSigningConfig | undefined): void {
  if (config?.CodeSigningPolicies.UntrustedArtifactOnDeployment !== 'Enforce') return;
  throw new ServiceError(
    'CodeVerificationFailedException',
    `Lambda cannot deploy the function. The function or layer might be signed using a signature that the client is not configured to accept. Check the provided signature for unsigned. Thaw does not verify signatures: set UntrustedArtifactOnDeployment of ${config.CodeSigningConfigArn} to Warn, or take the configuration off the function.`,
  );
}
