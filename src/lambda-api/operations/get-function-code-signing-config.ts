import { findFunctionCodeSigning } from '../../deploy/function-code-signing.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type {
  GetFunctionCodeSigningConfigRequest,
  GetFunctionCodeSigningConfigResponse,
} from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const GetFunctionCodeSigningConfig: Operation<
  GetFunctionCodeSigningConfigRequest,
  GetFunctionCodeSigningConfigResponse
> = {
  name: 'GetFunctionCodeSigningConfig',
  authorise: onFunction('lambda:GetFunctionCodeSigningConfig'),
  run(input, { service: { deployment } }) {
    const functionName = unqualifiedFunctionName(deployment.identity, input.FunctionName);
    const config = findFunctionCodeSigning(deployment, functionName);
    // Of a function without one, nothing is told.
    return config === undefined
      ? {}
      : { CodeSigningConfigArn: config.CodeSigningConfigArn, FunctionName: functionName };
  },
};
