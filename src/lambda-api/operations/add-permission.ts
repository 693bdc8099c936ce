import { addPermission } from '../../deploy/function-permissions.ts';
import { functionTarget } from '../../domain/function-target.ts';
import type { AddPermissionRequest, AddPermissionResponse } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const AddPermission: Operation<AddPermissionRequest, AddPermissionResponse> = {
  name: 'AddPermission',
  authorise: onFunction('lambda:AddPermission'),
  run(input, { service: { deployment } }) {
    const target = functionTarget(deployment.identity, input.FunctionName, input.Qualifier);
    return addPermission(deployment, target, input);
  },
};
