import { putRuntimeManagement } from '../../deploy/runtime-management.ts';
import { functionArn } from '../../domain/arn.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type {
  PutRuntimeManagementConfigRequest,
  PutRuntimeManagementConfigResponse,
} from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const PutRuntimeManagementConfig: Operation<
  PutRuntimeManagementConfigRequest,
  PutRuntimeManagementConfigResponse
> = {
  name: 'PutRuntimeManagementConfig',
  authorise: onFunction('lambda:PutRuntimeManagementConfig'),
  run(input, { service: { deployment } }) {
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    const config = putRuntimeManagement(deployment, target, input);
    return {
      ...config,
      FunctionArn: functionArn(deployment.identity, target.functionName, target.qualifier),
    };
  },
};
