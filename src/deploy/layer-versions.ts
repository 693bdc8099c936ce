import type { LayerVersion, LayerVersionSummary } from '../catalog/layer-version.ts';
import type { LayerFilter } from '../catalog/layers.ts';
import type { Page, PageRequest } from '../catalog/page.ts';
import { layerArn, parseLayerArn, type ServiceIdentity } from '../domain/arn.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { Deployment } from './deployment.ts';
import { checkLayerVersionNumber, ownLayerName } from './layer-name.ts';

/** @throws ServiceError where there is no such version. */
export function findLayerVersion(
  { catalog, identity }: Deployment,
  nameOrArn: string,
  version: number,
): LayerVersion {
  checkLayerVersionNumber(version);
  const layer = catalog.layers.get(ownLayerName(identity, nameOrArn), version);
  if (layer === undefined) throw noSuchResource();
  return layer;
}

/** @param arn of a layer version. @throws ServiceError where there is no such version. */
export function findLayerVersionByArn(deployment: Deployment, arn: string): LayerVersion {
  const version = parseLayerArn(arn)?.version;
  if (version === undefined) throw noSuchResource();
  return findLayerVersion(deployment, arn, version);
}

/** One that is not there is deleted already. Functions that use it keep it. @throws ServiceError */
export function deleteLayerVersion(
  { catalog, identity }: Deployment,
  nameOrArn: string,
  version: number,
): void {
  checkLayerVersionNumber(version);
  catalog.layers.delete(ownLayerName(identity, nameOrArn), version);
}

/** Newest first; none of a layer that is not there. @throws ServiceError */
export function listLayerVersions(
  { catalog, identity }: Deployment,
  nameOrArn: string,
  request: PageRequest,
  filter: LayerFilter,
): Page<LayerVersion> {
  return catalog.layers.pageOfVersions(ownLayerName(identity, nameOrArn), request, filter);
}

/** A version as it is shown alone. @param location URL that its archive can be fetched from. */
export function layerVersionView(
  identity: ServiceIdentity,
  { layerName, code, summary }: LayerVersion,
  location: string,
): LayerVersionSummary & {
  LayerArn: string;
  Content: { Location: string; CodeSha256: string; CodeSize: number };
} {
  return {
    Content: {
      Location: location,
      CodeSha256: Buffer.from(code.digest, 'hex').toString('base64'),
      CodeSize: code.size,
    },
    LayerArn: layerArn(identity, layerName),
    ...summary,
  };
}

function noSuchResource(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'The resource you requested does not exist.');
}
