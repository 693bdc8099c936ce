import { findAlias } from '../../deploy/aliases.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { AliasConfiguration, GetAliasRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const GetAlias: Operation<GetAliasRequest, AliasConfiguration> = {
  name: 'GetAlias',
  authorise: onFunction('lambda:GetAlias'),
  run: (input, { service: { deployment } }) =>
    findAlias(deployment, unqualifiedFunctionName(deployment.identity, input.FunctionName), input.Name),
};
