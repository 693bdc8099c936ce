import { functionUrlView, updateFunctionUrl } from '../../deploy/function-urls.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { UpdateFunctionUrlConfigRequest, UpdateFunctionUrlConfigResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunctionUrl } from '../permissions.ts';

export const UpdateFunctionUrlConfig: Operation<
  UpdateFunctionUrlConfigRequest,
  UpdateFunctionUrlConfigResponse
> = {
  name: 'UpdateFunctionUrlConfig',
  authorise: onFunctionUrl('lambda:UpdateFunctionUrlConfig'),
  run(input, { service }) {
    const { deployment } = service;
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    const url = updateFunctionUrl(deployment, target, input);
    return functionUrlView(deployment.identity, url, service.functionUrl(url.document.urlId));
  },
};
