import type { ListCodeSigningConfigsRequest, ListCodeSigningConfigsResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { pageRequest } from '../page-request.ts';
import { onEverything } from '../permissions.ts';

export const ListCodeSigningConfigs: Operation<
  ListCodeSigningConfigsRequest,
  ListCodeSigningConfigsResponse
> = {
  name: 'ListCodeSigningConfigs',
  authorise: onEverything('lambda:ListCodeSigningConfigs'),
  run(input, { service: { deployment } }) {
    const { items, nextMarker } = deployment.catalog.codeSigning.page(pageRequest(input));
    return { NextMarker: nextMarker, CodeSigningConfigs: items };
  },
};
