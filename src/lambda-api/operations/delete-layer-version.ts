import { deleteLayerVersion } from '../../deploy/layer-versions.ts';
import type { DeleteLayerVersionRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onLayerVersion } from '../permissions.ts';

export const DeleteLayerVersion: Operation<DeleteLayerVersionRequest, void> = {
  name: 'DeleteLayerVersion',
  authorise: onLayerVersion('lambda:DeleteLayerVersion'),
  run(input, { service }) {
    deleteLayerVersion(service.deployment, input.LayerName, input.VersionNumber);
  },
};
