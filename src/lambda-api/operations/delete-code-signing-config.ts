import { deleteCodeSigningConfig } from '../../deploy/code-signing-configs.ts';
import type { DeleteCodeSigningConfigRequest, DeleteCodeSigningConfigResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onCodeSigningConfig } from '../permissions.ts';

export const DeleteCodeSigningConfig: Operation<
  DeleteCodeSigningConfigRequest,
  DeleteCodeSigningConfigResponse
> = {
  name: 'DeleteCodeSigningConfig',
  authorise: onCodeSigningConfig('lambda:DeleteCodeSigningConfig'),
  run(input, { service: { deployment } }) {
    deleteCodeSigningConfig(deployment, input.CodeSigningConfigArn);
    return {};
  },
};
