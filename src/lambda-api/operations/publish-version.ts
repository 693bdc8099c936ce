import { publishVersion } from '../../deploy/publish-version.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { FunctionConfiguration, PublishVersionRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const PublishVersion: Operation<PublishVersionRequest, FunctionConfiguration> = {
  name: 'PublishVersion',
  authorise: onFunction('lambda:PublishVersion'),
  run: (input, { service: { deployment } }) =>
    publishVersion(deployment, unqualifiedFunctionName(deployment.identity, input.FunctionName), input),
};
