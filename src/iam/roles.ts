import { iamQuota } from '../domain/limits.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { IamError } from './iam-error.ts';
import { makeId } from './make-id.ts';
import { type Page, type PageRequest, toPage } from './page.ts';
import { parsePolicyDocument } from './policy/parse-document.ts';
import { checkPolicySize } from './policy-size.ts';
import type { Tag } from './tag.ts';

export interface Role {
  readonly name: string;
  /** `AROATHAW…`; another one for each role that ever had the name. */
  readonly id: string;
  readonly arn: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  /** JSON text, as it was given. */
  readonly trustPolicy: string;
  readonly description?: string;
  readonly maxSessionS: number;
  readonly tags: readonly Tag[];
  readonly createdMs: number;
}

export type NewRole = Omit<Role, 'id' | 'arn' | 'createdMs'>;

/** The account's roles. Names are one whatever their case, as AWS has it. */
export class Roles {
  readonly #database: Database;
  readonly #accountId: string;
  readonly #clock: Clock;

  constructor(database: Database, accountId: string, clock: Clock) {
    this.#database = database;
    this.#accountId = accountId;
    this.#clock = clock;
  }

  /** @throws IamError EntityAlreadyExists, LimitExceeded, MalformedPolicyDocument. */
  create(role: NewRole): Role {
    checkTrustPolicy(role.name, role.trustPolicy);
    const arn = `arn:aws:iam::${this.#accountId}:role${role.path}${role.name}`;
    const made: Role = { ...role, id: makeId('AROA', 21), arn, createdMs: Math.floor(this.#clock()) };
    this.#database.transaction(() => {
      if (this.find(role.name) !== undefined)
        throw new IamError('EntityAlreadyExists', `Role with name ${role.name} already exists.`);
      const count = this.#database.prepare('SELECT count(*) AS n FROM iam_role').get()!.n;
      if (Number(count) >= iamQuota.rolesPerAccount)
        throw new IamError(
          'LimitExceeded',
          `Cannot exceed quota for RolesPerAccount: ${iamQuota.rolesPerAccount}`,
        );
      this.#database
        .prepare(
          'INSERT INTO iam_role (name, id, arn, path, trust_policy, description, max_session_s, tags, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        )
        .run(
          made.name,
          made.id,
          made.arn,
          made.path,
          made.trustPolicy,
          made.description ?? null,
          made.maxSessionS,
          JSON.stringify(made.tags),
          made.createdMs,
        );
    });
    return made;
  }

  find(name: string): Role | undefined {
    const row = this.#database.prepare('SELECT * FROM iam_role WHERE name = ?').get(name);
    return row === undefined ? undefined : toRole(row);
  }

  findByArn(arn: string): Role | undefined {
    const row = this.#database.prepare('SELECT * FROM iam_role WHERE arn = ?').get(arn);
    return row === undefined ? undefined : toRole(row);
  }

  /** @throws IamError NoSuchEntity. */
  get(name: string): Role {
    const role = this.find(name);
    if (role === undefined) throw new IamError('NoSuchEntity', `The role with name ${name} cannot be found.`);
    return role;
  }

  /** By name. @param pathPrefix begins with a slash. */
  list(pathPrefix: string, page: PageRequest): Page<Role> {
    const rows = this.#database
      .prepare(
        'SELECT * FROM iam_role WHERE name > ? AND substr(path, 1, length(?)) = ? ORDER BY name LIMIT ?',
      )
      .all(page.after ?? '', pathPrefix, pathPrefix, page.maxItems + 1);
    return toPage(rows.map(toRole), page, ({ name }) => name);
  }

  /** @throws IamError NoSuchEntity, DeleteConflict while it has policies. */
  delete(name: string): void {
    this.#database.transaction(() => {
      this.get(name);
      const has = (table: string) =>
        this.#database.prepare(`SELECT 1 FROM ${table} WHERE role_name = ? LIMIT 1`).get(name) !== undefined;
      if (has('iam_attachment'))
        throw new IamError('DeleteConflict', 'Cannot delete entity, must detach all policies first.');
      if (has('iam_role_policy'))
        throw new IamError('DeleteConflict', 'Cannot delete entity, must delete policies first.');
      this.#database.prepare('DELETE FROM iam_role WHERE name = ?').run(name);
    });
  }

  /** @throws IamError NoSuchEntity, MalformedPolicyDocument, LimitExceeded. */
  updateTrustPolicy(name: string, trustPolicy: string): void {
    this.get(name);
    checkTrustPolicy(name, trustPolicy);
    this.#database.prepare('UPDATE iam_role SET trust_policy = ? WHERE name = ?').run(trustPolicy, name);
  }
}

function checkTrustPolicy(name: string, text: string): void {
  checkPolicySize(
    text,
    iamQuota.trustPolicyCharacters,
    `Cannot exceed quota for ACLSizePerRole: ${iamQuota.trustPolicyCharacters} (role ${name})`,
  );
  parsePolicyDocument(text, 'trust');
}

function toRole(row: Record<string, unknown>): Role {
  return {
    name: row.name as string,
    id: row.id as string,
    arn: row.arn as string,
    path: row.path as string,
    trustPolicy: row.trust_policy as string,
    ...(row.description !== null && { description: row.description as string }),
    maxSessionS: row.max_session_s as number,
    tags: JSON.parse(row.tags as string),
    createdMs: row.created_ms as number,
  };
}
