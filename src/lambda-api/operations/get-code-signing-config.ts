import { findCodeSigningConfig } from '../../deploy/code-signing-configs.ts';
import type { GetCodeSigningConfigRequest, GetCodeSigningConfigResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onCodeSigningConfig } from '../permissions.ts';

export const GetCodeSigningConfig: Operation<GetCodeSigningConfigRequest, GetCodeSigningConfigResponse> = {
  name: 'GetCodeSigningConfig',
  authorise: onCodeSigningConfig('lambda:GetCodeSigningConfig'),
  run(input, { service: { deployment } }) {
    return { CodeSigningConfig: findCodeSigningConfig(deployment, input.CodeSigningConfigArn) };
  },
};
