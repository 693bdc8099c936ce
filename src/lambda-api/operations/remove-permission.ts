import { removePermission } from '../../deploy/function-permissions.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { RemovePermissionRequest } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const RemovePermission: Operation<RemovePermissionRequest, void> = {
  name: 'RemovePermission',
  authorise: onFunction('lambda:RemovePermission'),
  run(input, { service: { deployment } }) {
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    removePermission(deployment, target, input.StatementId, input.RevisionId);
  },
};
