import { updateFunctionCode } from '../../deploy/update-function-code.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { FunctionConfiguration, UpdateFunctionCodeRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const UpdateFunctionCode: Operation<UpdateFunctionCodeRequest, FunctionConfiguration> = {
  name: 'UpdateFunctionCode',
  authorise: onFunction('lambda:UpdateFunctionCode'),
  run: (input, { service: { deployment } }) =>
    updateFunctionCode(deployment, unqualifiedFunctionName(deployment.identity, input.FunctionName), input),
};
