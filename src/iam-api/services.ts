import type { Action } from './action.ts';
import { attachRolePolicy } from './actions/attach-role-policy.ts';
import { createPolicy } from './actions/create-policy.ts';
import { createRole } from './actions/create-role.ts';
import { deletePolicy } from './actions/delete-policy.ts';
import { deleteRole } from './actions/delete-role.ts';
import { deleteRolePolicy } from './actions/delete-role-policy.ts';
import { detachRolePolicy } from './actions/detach-role-policy.ts';
import { getCallerIdentity } from './actions/get-caller-identity.ts';
import { getPolicy } from './actions/get-policy.ts';
import { getPolicyVersion } from './actions/get-policy-version.ts';
import { getRole } from './actions/get-role.ts';
import { getRolePolicy } from './actions/get-role-policy.ts';
import { listAttachedRolePolicies } from './actions/list-attached-role-policies.ts';
import { listInstanceProfilesForRole } from './actions/list-instance-profiles-for-role.ts';
import { listPolicyVersions } from './actions/list-policy-versions.ts';
import { listRolePolicies } from './actions/list-role-policies.ts';
import { listRoles } from './actions/list-roles.ts';
import { putRolePolicy } from './actions/put-role-policy.ts';
import { updateAssumeRolePolicy } from './actions/update-assume-role-policy.ts';

export interface QueryService {
  readonly version: string;
  /** Of its answers' XML. */
  readonly namespace: string;
  readonly actions: ReadonlyMap<string, Action>;
}

export const queryServices = {
  iam: service('2010-05-08', 'https://iam.amazonaws.com/doc/2010-05-08/', [
    attachRolePolicy,
    createPolicy,
    createRole,
    deletePolicy,
    deleteRole,
    deleteRolePolicy,
    detachRolePolicy,
    getPolicy,
    getPolicyVersion,
    getRole,
    getRolePolicy,
    listAttachedRolePolicies,
    listInstanceProfilesForRole,
    listPolicyVersions,
    listRolePolicies,
    listRoles,
    putRolePolicy,
    updateAssumeRolePolicy,
  ]),
  sts: service('2011-06-15', 'https://sts.amazonaws.com/doc/2011-06-15/', [getCallerIdentity]),
};

function service(version: string, namespace: string, actions: readonly Action[]): QueryService {
  return { version, namespace, actions: new Map(actions.map((action) => [action.name, action])) };
}
