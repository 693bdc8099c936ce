import { findLatest } from '../../deploy/find-version.ts';
import { functionArn } from '../../domain/arn.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type {
  ListProvisionedConcurrencyConfigsRequest,
  ListProvisionedConcurrencyConfigsResponse,
} from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { pageRequest } from '../page-request.ts';
import { onFunction } from '../permissions.ts';

export const ListProvisionedConcurrencyConfigs: Operation<
  ListProvisionedConcurrencyConfigsRequest,
  ListProvisionedConcurrencyConfigsResponse
> = {
  name: 'ListProvisionedConcurrencyConfigs',
  authorise: onFunction('lambda:ListProvisionedConcurrencyConfigs'),
  run(input, { service: { deployment } }) {
    const { functionName } = findLatest(
      deployment,
      unqualifiedFunctionName(deployment.identity, input.FunctionName),
    );
    const page = deployment.catalog.provisionedConcurrency.page(functionName, pageRequest(input));
    const configs = page.items.map(({ qualifier, document }) => ({
      FunctionArn: functionArn(deployment.identity, functionName, qualifier),
      ...document,
    }));
    return { ProvisionedConcurrencyConfigs: configs, NextMarker: page.nextMarker };
  },
};
