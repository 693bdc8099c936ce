import type { Role } from '../iam/roles.ts';
import { policyText, timeText } from './texts.ts';
import type { XmlObject } from './xml.ts';

/** IAM's Role, as lists show it. */
export function listedRoleXml(role: Role): XmlObject {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: timeText(role.createdMs),
    AssumeRolePolicyDocument: policyText(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionS,
  };
}

/** The same with its tags, which AWS leaves out of lists. */
export function roleXml(role: Role): XmlObject {
  const tags = role.tags.map(({ Key, Value }) => ({ Key, Value }));
  return { ...listedRoleXml(role), Tags: tags.length === 0 ? undefined : tags };
}
