import { iamQuota } from '../../domain/limits.ts';
import { IamError } from '../../iam/iam-error.ts';
import type { Action } from '../action.ts';
import { roleArn, roleName } from '../named.ts';
import { rules } from '../parameter-rules.ts';
import { roleXml } from '../role-xml.ts';
import { tagsOf } from '../tags.ts';

export const createRole: Action = {
  name: 'CreateRole',
  resource: roleArn,
  run(call) {
    const { identity, parameters } = call;
    if (parameters.has('PermissionsBoundary'))
      throw new IamError(
        'InvalidInput',
        'Thaw does not evaluate permissions boundaries, and so makes no role with one.',
      );
    const description = parameters.optionalText('Description', rules.description);
    const role = identity.roles.create({
      name: roleName(call),
      path: parameters.optionalText('Path', rules.path) ?? '/',
      trustPolicy: parameters.text('AssumeRolePolicyDocument', rules.document),
      ...(description !== undefined && { description }),
      maxSessionS: parameters.integer('MaxSessionDuration', iamQuota.maxSessionS),
      tags: tagsOf(parameters),
    });
    return { Role: roleXml(role) };
  },
};
