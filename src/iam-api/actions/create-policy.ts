import type { Action } from '../action.ts';
import { policyName } from '../named.ts';
import { rules } from '../parameter-rules.ts';
import { policyXml } from '../policy-xml.ts';
import { tagsOf } from '../tags.ts';

export const createPolicy: Action = {
  name: 'CreatePolicy',
  resource: (call) =>
    `arn:aws:iam::${call.identity.accountId}:policy${call.parameters.optionalText('Path', rules.path) ?? '/'}${policyName(call)}`,
  run(call) {
    const { identity, parameters } = call;
    const description = parameters.optionalText('Description', rules.description);
    const policy = identity.managedPolicies.create({
      name: policyName(call),
      path: parameters.optionalText('Path', rules.path) ?? '/',
      document: parameters.text('PolicyDocument', rules.document),
      ...(description !== undefined && { description }),
      tags: tagsOf(parameters),
    });
    return { Policy: policyXml(policy) };
  },
};
