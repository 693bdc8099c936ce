import { configurationView } from '../../deploy/configuration-view.ts';
import { findVersion } from '../../deploy/find-version.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { GetFunctionRequest, GetFunctionResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const GetFunction: Operation<GetFunctionRequest, GetFunctionResponse> = {
  name: 'GetFunction',
  authorise: onFunction('lambda:GetFunction'),
  run(input, { service, headers }) {
    const { deployment, packageUrl } = service;
    const { catalog } = deployment;
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    const version = findVersion(deployment, target);
    const reserved = catalog.reservedConcurrency.get(target.functionName);
    const tags = catalog.tags.get(target.functionName) ?? {};
    return {
      Configuration: configurationView(deployment.identity, version, target.qualifier),
      // Where a copy can be fetched from, not where it came from: the type is the service's name for that.
      Code: { RepositoryType: 'S3', Location: packageUrl(version.code.digest, headers) },
      ...(Object.keys(tags).length > 0 && { Tags: tags }),
      ...(reserved !== undefined && { Concurrency: { ReservedConcurrentExecutions: reserved } }),
    };
  },
};
