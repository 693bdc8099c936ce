import { removeLayerVersionPermission } from '../../deploy/layer-permissions.ts';
import type { RemoveLayerVersionPermissionRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onLayerVersion } from '../permissions.ts';

export const RemoveLayerVersionPermission: Operation<RemoveLayerVersionPermissionRequest, void> = {
  name: 'RemoveLayerVersionPermission',
  authorise: onLayerVersion('lambda:RemoveLayerVersionPermission'),
  run(input, { service }) {
    const { LayerName, VersionNumber, StatementId, RevisionId } = input;
    removeLayerVersionPermission(service.deployment, LayerName, VersionNumber, StatementId, RevisionId);
  },
};
