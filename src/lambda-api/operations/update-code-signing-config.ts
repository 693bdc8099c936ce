import { updateCodeSigningConfig } from '../../deploy/code-signing-configs.ts';
import type { UpdateCodeSigningConfigRequest, UpdateCodeSigningConfigResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onCodeSigningConfig } from '../permissions.ts';

export const UpdateCodeSigningConfig: Operation<
  UpdateCodeSigningConfigRequest,
  UpdateCodeSigningConfigResponse
> = {
  name: 'UpdateCodeSigningConfig',
  authorise: onCodeSigningConfig('lambda:UpdateCodeSigningConfig'),
  run(input, { service: { deployment } }) {
    return { CodeSigningConfig: updateCodeSigningConfig(deployment, input.CodeSigningConfigArn, input) };
  },
};
