import { findCodeSigningConfig } from '../../deploy/code-signing-configs.ts';
import { functionArn } from '../../domain/arn.ts';
import type {
  ListFunctionsByCodeSigningConfigRequest,
  ListFunctionsByCodeSigningConfigResponse,
} from '../model/shapes.ts';
import type { Operation } from '../operation.ts';
import { pageRequest } from '../page-request.ts';
import { onCodeSigningConfig } from '../permissions.ts';

export const ListFunctionsByCodeSigningConfig: Operation<
  ListFunctionsByCodeSigningConfigRequest,
  ListFunctionsByCodeSigningConfigResponse
> = {
  name: 'ListFunctionsByCodeSigningConfig',
  authorise: onCodeSigningConfig('lambda:ListFunctionsByCodeSigningConfig'),
  run(input, { service: { deployment } }) {
    const { catalog, identity } = deployment;
    const { CodeSigningConfigArn } = findCodeSigningConfig(deployment, input.CodeSigningConfigArn);
    const { items, nextMarker } = catalog.codeSigning.pageOfUsers(CodeSigningConfigArn, pageRequest(input));
    return { NextMarker: nextMarker, FunctionArns: items.map((name) => functionArn(identity, name)) };
  },
};
