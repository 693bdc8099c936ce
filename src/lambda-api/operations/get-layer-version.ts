import { findLayerVersion, layerVersionView } from '../../deploy/layer-versions.ts';
import type { GetLayerVersionRequest, GetLayerVersionResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onLayerVersion } from '../permissions.ts';

export const GetLayerVersion: Operation<GetLayerVersionRequest, GetLayerVersionResponse> = {
  name: 'GetLayerVersion',
  authorise: onLayerVersion('lambda:GetLayerVersion'),
  run(input, { service, headers }) {
    const { deployment } = service;
    const layer = findLayerVersion(deployment, input.LayerName, input.VersionNumber);
    return layerVersionView(deployment.identity, layer, service.packageUrl(layer.code.digest, headers));
  },
};
