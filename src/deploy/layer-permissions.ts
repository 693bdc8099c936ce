import type { PolicyStatement, ResourcePolicy } from '../catalog/resource-policy.ts';
import { layerVersionArn } from '../domain/arn.ts';
import type { Deployment } from './deployment.ts';
import { checkLayerVersionNumber, layerVersionNotFound, ownLayerName } from './layer-name.ts';
import {
  noPolicy,
  policyView,
  refuseOtherPolicyRevision,
  withoutStatement,
  withStatement,
} from './policy-statements.ts';

export interface LayerPermissionRequest {
  readonly StatementId: string;
  readonly Action: string;
  /** `*`, an account id or the ARN of an account's root. */
  readonly Principal: string;
  readonly OrganizationId?: string | undefined;
  readonly RevisionId?: string | undefined;
}

const latestRevisionApi = 'GetLayerPolicy';

/** @throws ServiceError */
export function addLayerVersionPermission(
  deployment: Deployment,
  nameOrArn: string,
  version: number,
  request: LayerPermissionRequest,
): { Statement: string; RevisionId: string } {
  const { catalog, identity } = deployment;
  return catalog.transaction(() => {
    const { layerName, policy } = find(deployment, nameOrArn, version);
    const statement: PolicyStatement = {
      Sid: request.StatementId,
      Effect: 'Allow',
      Principal: principalOf(request.Principal),
      Action: request.Action,
      Resource: layerVersionArn(identity, layerName, version),
      ...(request.OrganizationId !== undefined && {
        Condition: { StringEquals: { 'aws:PrincipalOrgID': request.OrganizationId } },
      }),
    };
    refuseOtherPolicyRevision(policy?.revisionId, request.RevisionId, latestRevisionApi);
    const next = withStatement(policy, statement);
    catalog.layerPolicies.put(layerName, version, next);
    return { Statement: JSON.stringify(statement), RevisionId: next.revisionId };
  });
}

/** @throws ServiceError */
export function removeLayerVersionPermission(
  deployment: Deployment,
  nameOrArn: string,
  version: number,
  statementId: string,
  expectedRevision: string | undefined,
): void {
  const { catalog } = deployment;
  catalog.transaction(() => {
    const { layerName, policy } = find(deployment, nameOrArn, version);
    if (policy === undefined) throw noPolicy();
    refuseOtherPolicyRevision(policy.revisionId, expectedRevision, latestRevisionApi);
    const next = withoutStatement(policy, statementId);
    if (next === undefined) catalog.layerPolicies.delete(layerName, version);
    else catalog.layerPolicies.put(layerName, version, next);
  });
}

/** @throws ServiceError where version or policy are not there. */
export function findLayerVersionPolicy(
  deployment: Deployment,
  nameOrArn: string,
  version: number,
): { Policy: string; RevisionId: string } {
  const { policy } = find(deployment, nameOrArn, version);
  if (policy === undefined) throw noPolicy();
  return policyView(policy);
}

function find(
  { catalog, identity }: Deployment,
  nameOrArn: string,
  version: number,
): { layerName: string; policy: ResourcePolicy | undefined } {
  checkLayerVersionNumber(version);
  const layerName = ownLayerName(identity, nameOrArn);
  if (catalog.layers.get(layerName, version) === undefined)
    throw layerVersionNotFound(identity, layerName, version);
  return { layerName, policy: catalog.layerPolicies.get(layerName, version) };
}

function principalOf(principal: string): PolicyStatement['Principal'] {
  if (principal === '*') return '*';
  return { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal };
}
