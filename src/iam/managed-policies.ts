import { iamQuota } from '../domain/limits.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { awsManagedPolicy, isAwsManagedArn } from './aws-managed-policies.ts';
import { IamError } from './iam-error.ts';
import { makeId } from './make-id.ts';
import type { ManagedPolicy, NewManagedPolicy } from './managed-policy.ts';
import { parsePolicyDocument } from './policy/parse-document.ts';
import { checkPolicySize } from './policy-size.ts';

/** The account's own managed policies, and those of AWS that Thaw knows the content of. */
export class ManagedPolicies {
  readonly #database: Database;
  readonly #accountId: string;
  readonly #clock: Clock;

  constructor(database: Database, accountId: string, clock: Clock) {
    this.#database = database;
    this.#accountId = accountId;
    this.#clock = clock;
  }

  /** @throws IamError EntityAlreadyExists, LimitExceeded, MalformedPolicyDocument. */
  create(policy: NewManagedPolicy): ManagedPolicy {
    const { managedPolicyCharacters, policiesPerAccount } = iamQuota;
    checkPolicySize(
      policy.document,
      managedPolicyCharacters,
      `Cannot exceed quota for PolicySize: ${managedPolicyCharacters}`,
    );
    parsePolicyDocument(policy.document, 'identity');
    const arn = `arn:aws:iam::${this.#accountId}:policy${policy.path}${policy.name}`;
    this.#database.transaction(() => {
      if (this.#database.prepare('SELECT 1 FROM iam_policy WHERE name = ?').get(policy.name) !== undefined)
        throw new IamError(
          'EntityAlreadyExists',
          `A policy called ${policy.name} already exists. Duplicate names are not allowed.`,
        );
      const count = this.#database.prepare('SELECT count(*) AS n FROM iam_policy').get()!.n;
      if (Number(count) >= policiesPerAccount)
        throw new IamError(
          'LimitExceeded',
          `Cannot exceed quota for PoliciesPerAccount: ${policiesPerAccount}`,
        );
      this.#database
        .prepare(
          'INSERT INTO iam_policy (name, id, arn, path, document, description, tags, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        )
        .run(
          policy.name,
          makeId('ANPA', 21),
          arn,
          policy.path,
          policy.document,
          policy.description ?? null,
          JSON.stringify(policy.tags),
          Math.floor(this.#clock()),
        );
    });
    return this.get(arn);
  }

  find(arn: string): ManagedPolicy | undefined {
    const ofAws = awsManagedPolicy(arn);
    if (ofAws !== undefined) return { ...ofAws, attachmentCount: this.#attachments(arn) };
    const row = this.#database.prepare('SELECT * FROM iam_policy WHERE arn = ?').get(arn);
    if (row === undefined) return undefined;
    return {
      name: row.name as string,
      id: row.id as string,
      arn,
      path: row.path as string,
      document: row.document as string,
      ...(row.description !== null && { description: row.description as string }),
      tags: JSON.parse(row.tags as string),
      createdMs: row.created_ms as number,
      attachmentCount: this.#attachments(arn),
    };
  }

  /** @throws IamError NoSuchEntity. */
  get(arn: string): ManagedPolicy {
    const policy = this.find(arn);
    if (policy === undefined) throw new IamError('NoSuchEntity', `Policy ${arn} was not found.`);
    return policy;
  }

  /** @throws IamError NoSuchEntity, DeleteConflict while it is attached, AccessDenied for AWS's own. */
  delete(arn: string): void {
    if (isAwsManagedArn(arn))
      throw new IamError('AccessDenied', `${arn} is managed by AWS and cannot be deleted.`);
    this.#database.transaction(() => {
      if (this.get(arn).attachmentCount > 0)
        throw new IamError('DeleteConflict', 'Cannot delete a policy attached to entities.');
      this.#database.prepare('DELETE FROM iam_policy WHERE arn = ?').run(arn);
    });
  }

  #attachments(arn: string): number {
    return Number(
      this.#database.prepare('SELECT count(*) AS n FROM iam_attachment WHERE policy_arn = ?').get(arn)!.n,
    );
  }
}
