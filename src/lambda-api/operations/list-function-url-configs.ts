import { functionUrlView, listFunctionUrls } from '../../deploy/function-urls.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { ListFunctionUrlConfigsRequest, ListFunctionUrlConfigsResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { pageRequest } from '../page-request.ts';
import { onFunctionUrl } from '../permissions.ts';

export const ListFunctionUrlConfigs: Operation<
  ListFunctionUrlConfigsRequest,
  ListFunctionUrlConfigsResponse
> = {
  name: 'ListFunctionUrlConfigs',
  authorise: onFunctionUrl('lambda:ListFunctionUrlConfigs'),
  run(input, { service }) {
    const { deployment } = service;
    const functionName = unqualifiedFunctionName(deployment.identity, input.FunctionName);
    const { items, nextMarker } = listFunctionUrls(deployment, functionName, pageRequest(input));
    return {
      NextMarker: nextMarker,
      FunctionUrlConfigs: items.map((url) =>
        functionUrlView(deployment.identity, url, service.functionUrl(url.document.urlId)),
      ),
    };
  },
};
