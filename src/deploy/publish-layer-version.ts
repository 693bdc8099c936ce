import type { LayerVersion } from '../catalog/layer-version.ts';
import { layerVersionArn } from '../domain/arn.ts';
import { lambdaTime } from '../domain/lambda-time.ts';
import type { Deployment } from './deployment.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { ownLayerName } from './layer-name.ts';

export interface PublishLayerVersionRequest {
  readonly LayerName: string;
  readonly Content: LayerContent;
  readonly Description?: string | undefined;
  readonly CompatibleArchitectures?: readonly string[] | undefined;
  readonly CompatibleRuntimes?: readonly string[] | undefined;
  readonly LicenseInfo?: string | undefined;
}

interface LayerContent {
  readonly ZipFile?: Uint8Array | undefined;
  readonly S3Bucket?: string | undefined;
  readonly S3Key?: string | undefined;
}

/** A new version of a layer, which begins to be with its first one. It is durable then. @throws ServiceError */
export async function publishLayerVersion(
  deployment: Deployment,
  request: PublishLayerVersionRequest,
): Promise<LayerVersion> {
  const { catalog, identity, packages, clock } = deployment;
  const layerName = ownLayerName(identity, request.LayerName);
  const code = await packages.put(archiveOf(request.Content));
  const { CompatibleArchitectures, CompatibleRuntimes, LicenseInfo } = request;
  return catalog.transaction(() => {
    const Version = catalog.layers.nextNumber(layerName);
    const layer: LayerVersion = {
      layerName,
      code,
      summary: {
        LayerVersionArn: layerVersionArn(identity, layerName, Version),
        Version,
        Description: request.Description ?? '',
        CreatedDate: lambdaTime(clock()),
        ...(CompatibleArchitectures !== undefined && { CompatibleArchitectures }),
        ...(CompatibleRuntimes !== undefined && { CompatibleRuntimes }),
        ...(LicenseInfo !== undefined && { LicenseInfo }),
      },
    };
    catalog.layers.publish(layer);
    return layer;
  });
}

function archiveOf({ ZipFile, S3Bucket, S3Key }: LayerContent): Buffer {
  const isInS3 = S3Bucket !== undefined || S3Key !== undefined;
  if (ZipFile === undefined)
    throw invalidParameter(
      isInS3
        ? `Thaw does not fetch layers from S3 (s3://${S3Bucket ?? ''}/${S3Key ?? ''}). Upload the zip archive itself: ZipFile.`
        : 'Please provide a source for layer content: ZipFile.',
    );
  if (isInS3) throw invalidParameter('Please do not provide an S3 object when providing a ZipFile.');
  return Buffer.from(ZipFile.buffer, ZipFile.byteOffset, ZipFile.byteLength);
}
