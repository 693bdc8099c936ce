import { configurationView } from '../../deploy/configuration-view.ts';
import { findVersion } from '../../deploy/find-version.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { FunctionConfiguration, GetFunctionConfigurationRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const GetFunctionConfiguration: Operation<GetFunctionConfigurationRequest, FunctionConfiguration> = {
  name: 'GetFunctionConfiguration',
  authorise: onFunction('lambda:GetFunctionConfiguration'),
  run(input, { service: { deployment } }) {
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    return configurationView(deployment.identity, findVersion(deployment, target), target.qualifier);
  },
};
