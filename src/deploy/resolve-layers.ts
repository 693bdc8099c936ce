import { layerArn, parseLayerArn } from '../domain/arn.ts';
import type { LayerReference, PackageReference } from '../domain/function-version.ts';
import { maxLayers, maxUnzippedBytes } from '../domain/limits.ts';
import type { Deployment } from './deployment.ts';
import { invalidParameter } from './invalid-parameter.ts';

/**
 * The layer versions of these ARNs, in their order.
 *
 * @throws ServiceError where there are too many, two of one layer, or one that is not there.
 */
export function resolveLayers({ layers }: Deployment, arns: readonly string[]): LayerReference[] {
  if (arns.length > maxLayers) throw invalidParameter(`Cannot reference more than ${maxLayers} layers.`);
  const seen = new Map<string, string>();
  for (const arn of arns) {
    const name = parseLayerArn(arn);
    const layer = name === undefined ? arn : layerArn(name, name.layerName);
    const other = seen.get(layer);
    if (other !== undefined)
      throw invalidParameter(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${other} and ${arn} are versions of the same layer.`,
      );
    seen.set(layer, arn);
  }
  return arns.map((arn) => {
    const layer = layers.version(arn);
    if (layer === undefined) throw invalidParameter(`Layer version ${arn} does not exist.`);
    return layer;
  });
}

/** @throws ServiceError where code and layers together are larger than a function may be. */
export function checkUnzippedSize(code: PackageReference, layers: readonly LayerReference[]): void {
  const bytes = layers.reduce((sum, layer) => sum + layer.unzippedSize, code.unzippedSize);
  if (bytes > maxUnzippedBytes)
    throw invalidParameter(
      `Function code combined with layers exceeds the maximum allowed size of ${maxUnzippedBytes} bytes. The actual size is ${bytes} bytes.`,
    );
}
