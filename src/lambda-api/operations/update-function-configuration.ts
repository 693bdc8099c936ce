import { updateFunctionConfiguration } from '../../deploy/update-function-configuration.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { FunctionConfiguration, UpdateFunctionConfigurationRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const UpdateFunctionConfiguration: Operation<
  UpdateFunctionConfigurationRequest,
  FunctionConfiguration
> = {
  name: 'UpdateFunctionConfiguration',
  authorise: onFunction('lambda:UpdateFunctionConfiguration'),
  run: (input, { service: { deployment } }) =>
    updateFunctionConfiguration(
      deployment,
      unqualifiedFunctionName(deployment.identity, input.FunctionName),
      input,
    ),
};
