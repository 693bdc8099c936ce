import { deleteAlias } from '../../deploy/aliases.ts';
import { unqualifiedFunctionName } from '../../domain/function-target.ts';
import type { DeleteAliasRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const DeleteAlias: Operation<DeleteAliasRequest, void> = {
  name: 'DeleteAlias',
  authorise: onFunction('lambda:DeleteAlias'),
  run(input, { service: { deployment } }) {
    deleteAlias(deployment, unqualifiedFunctionName(deployment.identity, input.FunctionName), input.Name);
  },
};
