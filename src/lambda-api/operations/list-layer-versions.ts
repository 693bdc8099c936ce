import { listLayerVersions } from '../../deploy/layer-versions.ts';
import type { ListLayerVersionsRequest, ListLayerVersionsResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { pageRequest } from '../page-request.ts';
import { onEverything } from '../permissions.ts';

export const ListLayerVersions: Operation<ListLayerVersionsRequest, ListLayerVersionsResponse> = {
  name: 'ListLayerVersions',
  authorise: onEverything('lambda:ListLayerVersions'),
  run(input, { service }) {
    const { items, nextMarker } = listLayerVersions(service.deployment, input.LayerName, pageRequest(input), {
      runtime: input.CompatibleRuntime,
      architecture: input.CompatibleArchitecture,
    });
    return { NextMarker: nextMarker, LayerVersions: items.map(({ summary }) => summary) };
  },
};
