import { listedVersion } from '../../deploy/configuration-view.ts';
import { findLatest } from '../../deploy/find-version.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { ListVersionsByFunctionRequest, ListVersionsByFunctionResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { pageRequest } from '../page-request.ts';
import { onFunction } from '../permissions.ts';

export const ListVersionsByFunction: Operation<
  ListVersionsByFunctionRequest,
  ListVersionsByFunctionResponse
> = {
  name: 'ListVersionsByFunction',
  authorise: onFunction('lambda:ListVersionsByFunction'),
  run(input, { service: { deployment } }) {
    const { functionName } = findLatest(
      deployment,
      unqualifiedFunctionName(deployment.identity, input.FunctionName),
    );
    const page = deployment.catalog.versions.page(functionName, pageRequest(input));
    return {
      Versions: page.items.map((version) => listedVersion(deployment.identity, version)),
      NextMarker: page.nextMarker,
    };
  },
};
