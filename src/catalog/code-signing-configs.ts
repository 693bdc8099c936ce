import type { Database } from '../foundation/database.ts';
import { type Page, type PageRequest, pageOf } from './page.ts';

/** As the service API shows it ("CodeSigningConfig"). Signatures are not verified. */
export interface CodeSigningConfig {
  readonly CodeSigningConfigId: string;
  readonly CodeSigningConfigArn: string;
  readonly Description: string;
  readonly AllowedPublishers: { readonly SigningProfileVersionArns: readonly string[] };
  readonly CodeSigningPolicies: { readonly UntrustedArtifactOnDeployment: 'Warn' | 'Enforce' };
  /** RFC 3339 as Lambda prints it (`…+0000`). */
  readonly LastModified: string;
}

/** Code signing configurations, by ARN, and the functions that use them. */
export class CodeSigningConfigs {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(arn: string): CodeSigningConfig | undefined {
    const row = this.#database.prepare('SELECT document FROM code_signing_configs WHERE arn = ?').get(arn);
    return row === undefined ? undefined : configOf(row);
  }

  create(config: CodeSigningConfig, tags: Readonly<Record<string, string>>): void {
    this.#database
      .prepare('INSERT INTO code_signing_configs (arn, document, tags) VALUES (?, ?, ?)')
      .run(config.CodeSigningConfigArn, JSON.stringify(config), JSON.stringify(tags));
  }

  /** Of one that is there. */
  replace(config: CodeSigningConfig): void {
    this.#database
      .prepare('UPDATE code_signing_configs SET document = ? WHERE arn = ?')
      .run(JSON.stringify(config), config.CodeSigningConfigArn);
  }

  /** One that no function uses. @returns whether it was there. */
  delete(arn: string): boolean {
    return this.#database.prepare('DELETE FROM code_signing_configs WHERE arn = ?').run(arn).changes > 0;
  }

  /** By ARN. */
  page(request: PageRequest): Page<CodeSigningConfig> {
    const statement = this.#database.prepare(
      'SELECT document FROM code_signing_configs WHERE arn > ? ORDER BY arn LIMIT ?',
    );
    return pageOf(
      request,
      [''],
      (after, limit) => statement.all(...after, limit).map(configOf),
      (config) => [config.CodeSigningConfigArn],
    );
  }

  /** Undefined where the configuration is not there. */
  tags(arn: string): Readonly<Record<string, string>> | undefined {
    const row = this.#database.prepare('SELECT tags FROM code_signing_configs WHERE arn = ?').get(arn);
    return row === undefined ? undefined : (JSON.parse(String(row.tags)) as Record<string, string>);
  }

  /** Of one that is there. */
  putTags(arn: string, tags: Readonly<Record<string, string>>): void {
    this.#database
      .prepare('UPDATE code_signing_configs SET tags = ? WHERE arn = ?')
      .run(JSON.stringify(tags), arn);
  }

  /** The configuration that a function uses. */
  of(functionName: string): CodeSigningConfig | undefined {
    const row = this.#database
      .prepare(
        'SELECT document FROM code_signing JOIN code_signing_configs ON arn = config_arn WHERE function_name = ?',
      )
      .get(functionName);
    return row === undefined ? undefined : configOf(row);
  }

  /** Both are there. What the function used before, it no longer does. */
  attach(functionName: string, arn: string): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO code_signing (function_name, config_arn) VALUES (?, ?)')
      .run(functionName, arn);
  }

  detach(functionName: string): void {
    this.#database.prepare('DELETE FROM code_signing WHERE function_name = ?').run(functionName);
  }

  /** Names of the functions that use it. */
  pageOfUsers(arn: string, request: PageRequest): Page<string> {
    const statement = this.#database.prepare(
      'SELECT function_name FROM code_signing WHERE config_arn = ? AND function_name > ? ORDER BY function_name LIMIT ?',
    );
    return pageOf(
      request,
      [''],
      (after, limit) => statement.all(arn, ...after, limit).map((row) => String(row.function_name)),
      (functionName) => [functionName],
    );
  }
}

function configOf(row: { readonly document?: unknown }): CodeSigningConfig {
  return JSON.parse(String(row.document)) as CodeSigningConfig;
}
