import { listedConfiguration, listedVersion } from '../../deploy/configuration-view.ts';
import type { ListFunctionsRequest, ListFunctionsResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { pageRequest } from '../page-request.ts';
import { onEverything } from '../permissions.ts';

export const ListFunctions: Operation<ListFunctionsRequest, ListFunctionsResponse> = {
  name: 'ListFunctions',
  authorise: onEverything('lambda:ListFunctions'),
  run(input, { service: { deployment } }) {
    const { catalog, identity } = deployment;
    // Functions replicated to edge locations from another region: there are none.
    if (input.MasterRegion !== undefined && input.MasterRegion !== 'ALL') return { Functions: [] };
    if (input.FunctionVersion === undefined) {
      const page = catalog.functions.page(pageRequest(input));
      return { Functions: page.items.map(listedConfiguration), NextMarker: page.nextMarker };
    }
    const page = catalog.versions.pageOfAll(pageRequest(input));
    return {
      Functions: page.items.map((version) => listedVersion(identity, version)),
      NextMarker: page.nextMarker,
    };
  },
};
