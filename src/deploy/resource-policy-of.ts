import type { Catalog } from '../catalog/catalog.ts';
import { policyDocument, type ResourcePolicyDocument } from '../catalog/resource-policy.ts';
import { functionArn, layerVersionArn, parseLayerArn, type ServiceIdentity } from '../domain/arn.ts';

/**
 * The policy of a function, a version, an alias or a layer version, for whoever decides on a request. A policy of the
 * function says nothing of its versions and aliases when they are asked for by their own ARNs.
 *
 * @returns undefined where there is none, or no such resource here.
 */
export function resourcePolicyOf(
  catalog: Catalog,
  identity: ServiceIdentity,
  resourceArn: string,
): ResourcePolicyDocument | undefined {
  const policy =
    layerPolicy(catalog, identity, resourceArn) ?? functionPolicy(catalog, identity, resourceArn);
  return policy && policyDocument(policy);
}

function layerPolicy(catalog: Catalog, identity: ServiceIdentity, arn: string) {
  const { layerName, version } = parseLayerArn(arn) ?? {};
  if (layerName === undefined || version === undefined) return undefined;
  if (layerVersionArn(identity, layerName, version) !== arn) return undefined;
  return catalog.layerPolicies.get(layerName, version);
}

function functionPolicy(catalog: Catalog, identity: ServiceIdentity, arn: string) {
  const prefix = functionArn(identity, '');
  if (!arn.startsWith(prefix)) return undefined;
  const [functionName = '', qualifier, ...more] = arn.slice(prefix.length).split(':');
  if (more.length > 0) return undefined;
  return catalog.policies.get(functionName, qualifier);
}
