import { findLayerVersionByArn, layerVersionView } from '../../deploy/layer-versions.ts';
import type { GetLayerVersionByArnRequest, GetLayerVersionResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';

export const GetLayerVersionByArn: Operation<GetLayerVersionByArnRequest, GetLayerVersionResponse> = {
  name: 'GetLayerVersionByArn',
  authorise: ({ Arn }) => ({ action: 'lambda:GetLayerVersion', resource: Arn }),
  run(input, { service, headers }) {
    const layer = findLayerVersionByArn(service.deployment, input.Arn);
    return layerVersionView(
      service.deployment.identity,
      layer,
      service.packageUrl(layer.code.digest, headers),
    );
  },
};
