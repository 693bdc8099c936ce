import type { Action } from '../action.ts';
import { pageMembers, pageRequest } from '../page-parameters.ts';
import { rules } from '../parameter-rules.ts';
import { listedRoleXml } from '../role-xml.ts';

export const listRoles: Action = {
  name: 'ListRoles',
  resource: ({ identity, parameters }) =>
    `arn:aws:iam::${identity.accountId}:role${parameters.optionalText('PathPrefix', rules.pathPrefix) ?? '/'}`,
  run({ identity, parameters }) {
    const pathPrefix = parameters.optionalText('PathPrefix', rules.pathPrefix) ?? '/';
    const page = identity.roles.list(pathPrefix, pageRequest(parameters));
    return { ...pageMembers(page), Roles: page.items.map(listedRoleXml) };
  },
};
