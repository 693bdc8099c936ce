import { createAlias } from '../../deploy/aliases.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { AliasConfiguration, CreateAliasRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const CreateAlias: Operation<CreateAliasRequest, AliasConfiguration> = {
  name: 'CreateAlias',
  authorise: onFunction('lambda:CreateAlias'),
  run: (input, { service: { deployment } }) =>
    createAlias(deployment, unqualifiedFunctionName(deployment.identity, input.FunctionName), input),
};
