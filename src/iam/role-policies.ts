import { iamQuota } from '../domain/limits.ts';
import type { Database } from '../foundation/database.ts';
import { IamError } from './iam-error.ts';
import { type Page, type PageRequest, toPage } from './page.ts';
import { parsePolicyDocument } from './policy/parse-document.ts';
import { policyCharacters } from './policy-size.ts';
import type { Roles } from './roles.ts';

/** Policies that are part of a role. */
export class RolePolicies {
  readonly #database: Database;
  readonly #roles: Roles;

  constructor(database: Database, roles: Roles) {
    this.#database = database;
    this.#roles = roles;
  }

  /** Adds or replaces. @throws IamError NoSuchEntity, LimitExceeded, MalformedPolicyDocument. */
  put(roleName: string, name: string, document: string): void {
    this.#database.transaction(() => {
      this.#roles.get(roleName);
      parsePolicyDocument(document, 'identity');
      const others = this.#database
        .prepare('SELECT document FROM iam_role_policy WHERE role_name = ? AND name <> ?')
        .all(roleName, name);
      const characters = [document, ...others.map((row) => String(row.document))]
        .map(policyCharacters)
        .reduce((sum, size) => sum + size);
      if (characters > iamQuota.inlinePolicyCharacters)
        throw new IamError(
          'LimitExceeded',
          `Maximum policy size of ${iamQuota.inlinePolicyCharacters} bytes exceeded for role ${roleName}`,
        );
      this.#database
        .prepare('INSERT OR REPLACE INTO iam_role_policy (role_name, name, document) VALUES (?, ?, ?)')
        .run(roleName, name, document);
    });
  }

  /** @returns the JSON text as it was put. @throws IamError NoSuchEntity. */
  get(roleName: string, name: string): string {
    this.#roles.get(roleName);
    const row = this.#database
      .prepare('SELECT document FROM iam_role_policy WHERE role_name = ? AND name = ?')
      .get(roleName, name);
    if (row === undefined) throw notFound(name);
    return row.document as string;
  }

  /** Names. @throws IamError NoSuchEntity. */
  list(roleName: string, page: PageRequest): Page<string> {
    this.#roles.get(roleName);
    const rows = this.#database
      .prepare('SELECT name FROM iam_role_policy WHERE role_name = ? AND name > ? ORDER BY name LIMIT ?')
      .all(roleName, page.after ?? '', page.maxItems + 1);
    return toPage(
      rows.map((row) => row.name as string),
      page,
      (name) => name,
    );
  }

  /** @throws IamError NoSuchEntity. */
  delete(roleName: string, name: string): void {
    this.#roles.get(roleName);
    const { changes } = this.#database
      .prepare('DELETE FROM iam_role_policy WHERE role_name = ? AND name = ?')
      .run(roleName, name);
    if (Number(changes) === 0) throw notFound(name);
  }

  /** JSON texts of all of a role's; none for a role that is not there. */
  documents(roleName: string): readonly string[] {
    return this.#database
      .prepare('SELECT document FROM iam_role_policy WHERE role_name = ?')
      .all(roleName)
      .map((row) => row.document as string);
  }
}

function notFound(name: string): IamError {
  return new IamError('NoSuchEntity', `The role policy with name ${name} cannot be found.`);
}
