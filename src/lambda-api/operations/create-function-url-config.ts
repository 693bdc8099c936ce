import { createFunctionUrl, functionUrlView } from '../../deploy/function-urls.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { CreateFunctionUrlConfigRequest, CreateFunctionUrlConfigResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunctionUrl } from '../permissions.ts';

export const CreateFunctionUrlConfig: Operation<
  CreateFunctionUrlConfigRequest,
  CreateFunctionUrlConfigResponse
> = {
  name: 'CreateFunctionUrlConfig',
  authorise: onFunctionUrl('lambda:CreateFunctionUrlConfig'),
  run(input, { service }) {
    const { deployment } = service;
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    const url = createFunctionUrl(deployment, target, input);
    const { LastModifiedTime, ...created } = functionUrlView(
      deployment.identity,
      url,
      service.functionUrl(url.document.urlId),
    );
    return created;
  },
};
