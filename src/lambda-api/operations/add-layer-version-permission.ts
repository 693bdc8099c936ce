import { addLayerVersionPermission } from '../../deploy/layer-permissions.ts';
import type { AddLayerVersionPermissionRequest, AddLayerVersionPermissionResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onLayerVersion } from '../permissions.ts';

export const AddLayerVersionPermission: Operation<
  AddLayerVersionPermissionRequest,
  AddLayerVersionPermissionResponse
> = {
  name: 'AddLayerVersionPermission',
  authorise: onLayerVersion('lambda:AddLayerVersionPermission'),
  run(input, { service }) {
    return addLayerVersionPermission(service.deployment, input.LayerName, input.VersionNumber, input);
  },
};
