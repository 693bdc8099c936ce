import { iamQuota } from '../domain/limits.ts';
import type { Database } from '../foundation/database.ts';
import { isAwsManagedArn } from './aws-managed-policies.ts';
import { IamError } from './iam-error.ts';
import type { ManagedPolicies } from './managed-policies.ts';
import { type Page, type PageRequest, toPage } from './page.ts';
import type { Roles } from './roles.ts';

export interface Attachment {
  readonly policyName: string;
  readonly policyArn: string;
}

/** Which managed policies belong to which role. */
export class Attachments {
  readonly #database: Database;
  readonly #roles: Roles;
  readonly #policies: ManagedPolicies;

  constructor(database: Database, roles: Roles, policies: ManagedPolicies) {
    this.#database = database;
    this.#roles = roles;
    this.#policies = policies;
  }

  /**
   * Again is no change. A policy managed by AWS whose content is not known here is recorded, and grants nothing.
   *
   * @throws IamError NoSuchEntity, LimitExceeded.
   */
  attach(roleName: string, policyArn: string): void {
    this.#database.transaction(() => {
      this.#roles.get(roleName);
      if (!isAwsManagedArn(policyArn) && this.#policies.find(policyArn) === undefined)
        throw new IamError('NoSuchEntity', `Policy ${policyArn} does not exist or is not attachable.`);
      const others = this.#database
        .prepare('SELECT count(*) AS n FROM iam_attachment WHERE role_name = ? AND policy_arn <> ?')
        .get(roleName, policyArn)!.n;
      if (Number(others) >= iamQuota.managedPoliciesPerRole)
        throw new IamError(
          'LimitExceeded',
          `Cannot exceed quota for PoliciesPerRole: ${iamQuota.managedPoliciesPerRole}`,
        );
      this.#database
        .prepare('INSERT OR IGNORE INTO iam_attachment (role_name, policy_arn) VALUES (?, ?)')
        .run(roleName, policyArn);
    });
  }

  /** @throws IamError NoSuchEntity. */
  detach(roleName: string, policyArn: string): void {
    this.#roles.get(roleName);
    const { changes } = this.#database
      .prepare('DELETE FROM iam_attachment WHERE role_name = ? AND policy_arn = ?')
      .run(roleName, policyArn);
    if (Number(changes) === 0) throw new IamError('NoSuchEntity', `Policy ${policyArn} was not found.`);
  }

  /** By ARN. @throws IamError NoSuchEntity. */
  list(roleName: string, pathPrefix: string, page: PageRequest): Page<Attachment> {
    this.#roles.get(roleName);
    const rows = this.policyArns(roleName)
      .filter((arn) => arn > (page.after ?? '') && pathAndName(arn).startsWith(pathPrefix))
      .map((arn) => ({ policyArn: arn, policyName: arn.slice(arn.lastIndexOf('/') + 1) }));
    return toPage(rows, page, ({ policyArn }) => policyArn);
  }

  /** Sorted; none for a role that is not there. */
  policyArns(roleName: string): readonly string[] {
    return this.#database
      .prepare('SELECT policy_arn FROM iam_attachment WHERE role_name = ? ORDER BY policy_arn')
      .all(roleName)
      .map((row) => row.policy_arn as string);
  }
}

/** `/service-role/AWSLambdaRole` of `arn:aws:iam::aws:policy/service-role/AWSLambdaRole`. */
function pathAndName(policyArn: string): string {
  return policyArn.slice(policyArn.indexOf('/'));
}
