import type { ActionCall } from './action.ts';
import { rules } from './parameter-rules.ts';

export function roleName({ parameters }: ActionCall): string {
  return parameters.text('RoleName', rules.roleName);
}

export function policyName({ parameters }: ActionCall): string {
  return parameters.text('PolicyName', rules.policyName);
}

export function policyArn({ parameters }: ActionCall): string {
  return parameters.text('PolicyArn', rules.policyArn);
}

/** Of the role that is named, or of one that would have the name. */
export function roleArn(call: ActionCall): string {
  const name = roleName(call);
  const path = call.parameters.optionalText('Path', rules.path) ?? '/';
  return call.identity.roles.find(name)?.arn ?? `arn:aws:iam::${call.identity.accountId}:role${path}${name}`;
}
