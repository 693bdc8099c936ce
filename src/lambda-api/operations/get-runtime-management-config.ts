import { findRuntimeManagement } from '../../deploy/runtime-management.ts';
import { functionArn } from '../../domain/arn.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type {
  GetRuntimeManagementConfigRequest,
  GetRuntimeManagementConfigResponse,
} from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const GetRuntimeManagementConfig: Operation<
  GetRuntimeManagementConfigRequest,
  GetRuntimeManagementConfigResponse
> = {
  name: 'GetRuntimeManagementConfig',
  authorise: onFunction('lambda:GetRuntimeManagementConfig'),
  run(input, { service: { deployment } }) {
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    const config = findRuntimeManagement(deployment, target);
    return {
      ...config,
      FunctionArn: functionArn(deployment.identity, target.functionName, target.qualifier),
    };
  },
};
