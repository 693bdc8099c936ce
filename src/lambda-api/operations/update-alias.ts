import { updateAlias } from '../../deploy/aliases.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { AliasConfiguration, UpdateAliasRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const UpdateAlias: Operation<UpdateAliasRequest, AliasConfiguration> = {
  name: 'UpdateAlias',
  authorise: onFunction('lambda:UpdateAlias'),
  run: (input, { service: { deployment } }) =>
    updateAlias(
      deployment,
      unqualifiedFunctionName(deployment.identity, input.FunctionName),
      input.Name,
      input,
    ),
};
