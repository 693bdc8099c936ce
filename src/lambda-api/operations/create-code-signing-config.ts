import { createCodeSigningConfig } from '../../deploy/code-signing-configs.ts';
import type { CreateCodeSigningConfigRequest, CreateCodeSigningConfigResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onEverything } from '../permissions.ts';

export const CreateCodeSigningConfig: Operation<
  CreateCodeSigningConfigRequest,
  CreateCodeSigningConfigResponse
> = {
  name: 'CreateCodeSigningConfig',
  authorise: onEverything('lambda:CreateCodeSigningConfig'),
  run(input, { service: { deployment } }) {
    return { CodeSigningConfig: createCodeSigningConfig(deployment, input) };
  },
};
