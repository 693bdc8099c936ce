import { createFunction } from '../../deploy/create-function.ts';
import type { CreateFunctionRequest, FunctionConfiguration } from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { onFunction } from '../permissions.ts';

export const CreateFunction: Operation<CreateFunctionRequest, FunctionConfiguration> = {
  name: 'CreateFunction',
  authorise: onFunction('lambda:CreateFunction'),
  run: (input, { service: { deployment } }) => createFunction(deployment, input),
};
