import { layerArn } from '../../domain/arn.ts';
import type { ListLayersRequest, ListLayersResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { pageRequest } from '../page-request.ts';
import { onEverything } from '../permissions.ts';

export const ListLayers: Operation<ListLayersRequest, ListLayersResponse> = {
  name: 'ListLayers',
  authorise: onEverything('lambda:ListLayers'),
  run(input, { service }) {
    const { catalog, identity } = service.deployment;
    const { items, nextMarker } = catalog.layers.page(pageRequest(input), {
      runtime: input.CompatibleRuntime,
      architecture: input.CompatibleArchitecture,
    });
    return {
      NextMarker: nextMarker,
      Layers: items.map(({ layerName, summary }) => ({
        LayerName: layerName,
        LayerArn: layerArn(identity, layerName),
        LatestMatchingVersion: summary,
      })),
    };
  },
};
