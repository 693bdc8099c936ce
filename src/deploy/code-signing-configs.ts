import type { CodeSigningConfig } from '../catalog/code-signing-configs.ts';
import { codeSigningConfigArn } from '../domain/arn.ts';
import { lambdaTime } from '../domain/lambda-time.ts';
import { ServiceError } from '../domain/service-error.ts';
import { checkTags } from './check-tags.ts';
import type { Deployment } from './deployment.ts';
import { randomId } from './random-id.ts';
import { refuseSystemTags } from './refuse-system-tags.ts';
import type { Tags } from './taggable.ts';

interface Settings {
  readonly Description?: string | undefined;
  readonly AllowedPublishers?: CodeSigningConfig['AllowedPublishers'] | undefined;
  readonly CodeSigningPolicies?:
    | { readonly UntrustedArtifactOnDeployment?: 'Warn' | 'Enforce' | undefined }
    | undefined;
}

/** @throws ServiceError */
export function createCodeSigningConfig(
  { catalog, identity, clock }: Deployment,
  request: Settings & {
    readonly AllowedPublishers: CodeSigningConfig['AllowedPublishers'];
    readonly Tags?: Tags | undefined;
  },
): CodeSigningConfig {
  const tags = request.Tags ?? {};
  refuseSystemTags(Object.keys(tags));
  checkTags(tags);
  const id = `csc-${randomId(17)}`;
  const config: CodeSigningConfig = {
    CodeSigningConfigId: id,
    CodeSigningConfigArn: codeSigningConfigArn(identity, id),
    Description: request.Description ?? '',
    AllowedPublishers: request.AllowedPublishers,
    CodeSigningPolicies: policies(request.CodeSigningPolicies) ?? { UntrustedArtifactOnDeployment: 'Warn' },
    LastModified: lambdaTime(clock()),
  };
  catalog.codeSigning.create(config, tags);
  return config;
}

/** What is not mentioned stays. @throws ServiceError where it is not there. */
export function updateCodeSigningConfig(
  deployment: Deployment,
  arn: string,
  request: Settings,
): CodeSigningConfig {
  const { catalog, clock } = deployment;
  return catalog.transaction(() => {
    const current = findCodeSigningConfig(deployment, arn);
    const next: CodeSigningConfig = {
      ...current,
      Description: request.Description ?? current.Description,
      AllowedPublishers: request.AllowedPublishers ?? current.AllowedPublishers,
      CodeSigningPolicies: policies(request.CodeSigningPolicies) ?? current.CodeSigningPolicies,
      LastModified: lambdaTime(clock()),
    };
    catalog.codeSigning.replace(next);
    return next;
  });
}

/** @throws ServiceError where it is not there, or functions use it. */
export function deleteCodeSigningConfig(deployment: Deployment, arn: string): void {
  const { catalog } = deployment;
  catalog.transaction(() => {
    findCodeSigningConfig(deployment, arn);
    const [user] = catalog.codeSigning.pageOfUsers(arn, { limit: 1 }).items;
    if (user !== undefined)
      throw new ServiceError(
        'ResourceConflictException',
        `The code signing configuration ${arn} cannot be deleted: functions use it, ${user} among them. Take it off them first.`,
      );
    catalog.codeSigning.delete(arn);
  });
}

/** @throws ServiceError where it is not there. */
export function findCodeSigningConfig({ catalog }: Deployment, arn: string): CodeSigningConfig {
  const config = catalog.codeSigning.get(arn);
  if (config === undefined)
    throw new ServiceError(
      'ResourceNotFoundException',
      `The Lambda code signing configuration ${arn} can not be found.`,
    );
  return config;
}

function policies(
  requested: Settings['CodeSigningPolicies'],
): CodeSigningConfig['CodeSigningPolicies'] | undefined {
  const { UntrustedArtifactOnDeployment } = requested ?? {};
  return UntrustedArtifactOnDeployment && { UntrustedArtifactOnDeployment };
}
