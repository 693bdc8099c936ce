import { findLayerVersionPolicy } from '../../deploy/layer-permissions.ts';
import type { GetLayerVersionPolicyRequest, GetLayerVersionPolicyResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onLayerVersion } from '../permissions.ts';

export const GetLayerVersionPolicy: Operation<GetLayerVersionPolicyRequest, GetLayerVersionPolicyResponse> = {
  name: 'GetLayerVersionPolicy',
  authorise: onLayerVersion('lambda:GetLayerVersionPolicy'),
  run(input, { service }) {
    return findLayerVersionPolicy(service.deployment, input.LayerName, input.VersionNumber);
  },
};
