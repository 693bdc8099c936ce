import { findFunctionUrl, functionUrlView } from '../../deploy/function-urls.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { GetFunctionUrlConfigRequest, GetFunctionUrlConfigResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunctionUrl } from '../permissions.ts';

export const GetFunctionUrlConfig: Operation<GetFunctionUrlConfigRequest, GetFunctionUrlConfigResponse> = {
  name: 'GetFunctionUrlConfig',
  authorise: onFunctionUrl('lambda:GetFunctionUrlConfig'),
  run(input, { service }) {
    const { deployment } = service;
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    const url = findFunctionUrl(deployment, target);
    return functionUrlView(deployment.identity, url, service.functionUrl(url.document.urlId));
  },
};
