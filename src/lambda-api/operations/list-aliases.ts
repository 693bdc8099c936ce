import { findLatest } from '../../deploy/find-version.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { ListAliasesRequest, ListAliasesResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { pageRequest } from '../page-request.ts';
import { onFunction } from '../permissions.ts';

export const ListAliases: Operation<ListAliasesRequest, ListAliasesResponse> = {
  name: 'ListAliases',
  authorise: onFunction('lambda:ListAliases'),
  run(input, { service: { deployment } }) {
    const { functionName } = findLatest(
      deployment,
      unqualifiedFunctionName(deployment.identity, input.FunctionName),
    );
    const page = deployment.catalog.aliases.page(functionName, pageRequest(input), input.FunctionVersion);
    return { Aliases: page.items, NextMarker: page.nextMarker };
  },
};
