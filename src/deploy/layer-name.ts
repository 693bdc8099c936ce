import { layerVersionArn, parseLayerArn, type ServiceIdentity } from '../domain/arn.ts';
import { ServiceError } from '../domain/service-error.ts';
import { invalidParameter } from './invalid-parameter.ts';

/**
 * The layer that a `LayerName`, which may be an ARN, points to.
 *
 * @throws ServiceError where it is another account's, or in another region: nothing of those is here.
 */
export function ownLayerName(identity: ServiceIdentity, nameOrArn: string): string {
  const layer = parseLayerArn(nameOrArn);
  if (layer === undefined) return nameOrArn;
  if (layer.accountId !== identity.accountId || layer.region !== identity.region)
    throw new ServiceError(
      'ResourceNotFoundException',
      `${nameOrArn} is a layer of account ${layer.accountId} in ${layer.region}; here are those of account ${identity.accountId} in ${identity.region} only. Download it there and publish it here.`,
    );
  return layer.layerName;
}

/** @throws ServiceError */
export function checkLayerVersionNumber(version: number): void {
  if (version < 1) throw invalidParameter('Layer Version Cannot be less than 1');
}

export function layerVersionNotFound(
  identity: ServiceIdentity,
  layerName: string,
  version: number,
): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    `Layer version ${layerVersionArn(identity, layerName, version)} does not exist.`,
  );
}
