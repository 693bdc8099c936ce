import { deleteFunctionCodeSigning } from '../../deploy/function-code-signing.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { DeleteFunctionCodeSigningConfigRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const DeleteFunctionCodeSigningConfig: Operation<DeleteFunctionCodeSigningConfigRequest, void> = {
  name: 'DeleteFunctionCodeSigningConfig',
  authorise: onFunction('lambda:DeleteFunctionCodeSigningConfig'),
  run(input, { service: { deployment } }) {
    const functionName = unqualifiedFunctionName(deployment.identity, input.FunctionName);
    deleteFunctionCodeSigning(deployment, functionName);
  },
};
