import { layerVersionView } from '../../deploy/layer-versions.ts';
import { publishLayerVersion } from '../../deploy/publish-layer-version.ts';
import type { PublishLayerVersionRequest, PublishLayerVersionResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onLayer } from '../permissions.ts';

export const PublishLayerVersion: Operation<PublishLayerVersionRequest, PublishLayerVersionResponse> = {
  name: 'PublishLayerVersion',
  authorise: onLayer('lambda:PublishLayerVersion'),
  async run(input, { service, headers }) {
    const layer = await publishLayerVersion(service.deployment, input);
    return layerVersionView(
      service.deployment.identity,
      layer,
      service.packageUrl(layer.code.digest, headers),
    );
  },
};
