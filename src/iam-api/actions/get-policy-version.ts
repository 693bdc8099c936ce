import { IamError } from '../../iam/iam-error.ts';
import type { Action } from '../action.ts';
import { policyArn } from '../named.ts';
import { rules } from '../parameter-rules.ts';
import { onlyVersionId, policyVersionXml } from '../policy-xml.ts';

export const getPolicyVersion: Action = {
  name: 'GetPolicyVersion',
  resource: policyArn,
  run(call) {
    const policy = call.identity.managedPolicies.get(policyArn(call));
    const versionId = call.parameters.text('VersionId', rules.versionId);
    if (versionId !== onlyVersionId)
      throw new IamError('NoSuchEntity', `Policy ${policy.arn} version ${versionId} does not exist.`);
    return { PolicyVersion: policyVersionXml(policy, true) };
  },
};
