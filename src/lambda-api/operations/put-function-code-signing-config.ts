import { putFunctionCodeSigning } from '../../deploy/function-code-signing.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type {
  PutFunctionCodeSigningConfigRequest,
  PutFunctionCodeSigningConfigResponse,
} from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const PutFunctionCodeSigningConfig: Operation<
  PutFunctionCodeSigningConfigRequest,
  PutFunctionCodeSigningConfigResponse
> = {
  name: 'PutFunctionCodeSigningConfig',
  authorise: onFunction('lambda:PutFunctionCodeSigningConfig'),
  run(input, { service: { deployment } }) {
    const functionName = unqualifiedFunctionName(deployment.identity, input.FunctionName);
    putFunctionCodeSigning(deployment, functionName, input.CodeSigningConfigArn);
    return { CodeSigningConfigArn: input.CodeSigningConfigArn, FunctionName: functionName };
  },
};
