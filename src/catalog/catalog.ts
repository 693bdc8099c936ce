import { isVersionNumber } from '../domain/function-target.ts';
import type { FunctionVersion } from '../domain/function-version.ts';
import type { Database } from '../foundation/database.ts';
import { Aliases } from './aliases.ts';
import { attachmentMigrations } from './attachment-schema.ts';
import { type ChangeListener, Changes } from './changes.ts';
import { CodeSigningConfigs } from './code-signing-configs.ts';
import type { EventInvokeConfig } from './event-invoke-config.ts';
import { FunctionDocuments } from './function-documents.ts';
import { FunctionUrls } from './function-urls.ts';
import { Functions } from './functions.ts';
import { KnownVersions } from './known-versions.ts';
import { LayerPolicies } from './layer-policies.ts';
import { layerMigrations } from './layer-schema.ts';
import { Layers } from './layers.ts';
import type { ProvisionedConcurrency } from './provisioned-concurrency.ts';
import { ReservedConcurrency } from './reserved-concurrency.ts';
import type { ResourcePolicy } from './resource-policy.ts';
import type { RuntimeManagement } from './runtime-management.ts';
import { catalogMigrations } from './schema.ts';
import { Versions } from './versions.ts';

/**
 * The durable records of the service. Every method is synchronous, and what it changed is on the disk when it returns,
 * or when the transaction it is called in does.
 */
export class Catalog {
  readonly functions: Functions;
  readonly versions: Versions;
  readonly aliases: Aliases;
  readonly reservedConcurrency: ReservedConcurrency;
  readonly provisionedConcurrency: FunctionDocuments<ProvisionedConcurrency>;
  readonly runtimeManagement: FunctionDocuments<RuntimeManagement>;
  readonly recursion: FunctionDocuments<'Allow' | 'Terminate'>;
  readonly tags: FunctionDocuments<Readonly<Record<string, string>>>;
  readonly policies: FunctionDocuments<ResourcePolicy>;
  readonly urls: FunctionUrls;
  readonly eventInvokeConfigs: FunctionDocuments<EventInvokeConfig>;
  readonly codeSigning: CodeSigningConfigs;
  readonly layers: Layers;
  readonly layerPolicies: LayerPolicies;
  readonly #database: Database;
  readonly #changes: Changes;

  /**
   * @param onError where a listener throws.
   * @throws where the data was written by a newer Thaw.
   */
  constructor(database: Database, onError: (error: unknown) => void) {
    database.migrate('catalog', catalogMigrations);
    database.migrate('attachments', attachmentMigrations);
    database.migrate('layers', layerMigrations);
    this.#database = database;
    this.#changes = new Changes(database, onError);
    const known = new KnownVersions(database);
    this.functions = new Functions(database, this.#changes, known);
    this.versions = new Versions(database, this.#changes, known);
    this.aliases = new Aliases(database, this.#changes);
    this.reservedConcurrency = new ReservedConcurrency(database, this.#changes);
    this.provisionedConcurrency = new FunctionDocuments(database, 'provisioned_concurrency');
    this.runtimeManagement = new FunctionDocuments(database, 'runtime_management');
    this.recursion = new FunctionDocuments(database, 'recursion');
    this.tags = new FunctionDocuments(database, 'function_tags');
    this.policies = new FunctionDocuments(database, 'function_policies');
    this.urls = new FunctionUrls(database);
    this.eventInvokeConfigs = new FunctionDocuments(database, 'event_invoke_configs');
    this.codeSigning = new CodeSigningConfigs(database);
    this.layers = new Layers(database);
    this.layerPolicies = new LayerPolicies(database);
  }

  /** Reads and changes that belong together: all or nothing. */
  transaction<T>(work: () => T): T {
    return this.#database.transaction(work);
  }

  /** Told of every change, once it is durable. @returns what ends it. */
  watch(listener: ChangeListener): () => void {
    return this.#changes.watch(listener);
  }

  /** A version by its qualifier; for an alias, the version that it names first. */
  version(functionName: string, qualifier = '$LATEST'): FunctionVersion | undefined {
    if (qualifier === '$LATEST' || isVersionNumber(qualifier))
      return this.versions.get(functionName, qualifier);
    const alias = this.aliases.get(functionName, qualifier);
    return alias && this.versions.get(functionName, alias.FunctionVersion);
  }

  /** Whether a function or a layer needs this package: it must not be collected then. */
  usesPackage(digest: string): boolean {
    return this.versions.usesPackage(digest) || this.layers.usesPackage(digest);
  }

  /** What hangs on a version or an alias goes with it. */
  forgetQualifier(functionName: string, qualifier: string): void {
    const attached = [
      this.provisionedConcurrency,
      this.runtimeManagement,
      this.policies,
      this.urls,
      this.eventInvokeConfigs,
    ];
    for (const documents of attached) documents.delete(functionName, qualifier);
  }
}
