import { parseLayerArn } from '../domain/arn.ts';
import type { LayerReference } from '../domain/function-version.ts';
import type { Database } from '../foundation/database.ts';
import type { LayerCatalog } from './layer-catalog.ts';
import type { LayerVersion } from './layer-version.ts';
import { type Page, type PageRequest, pageOf } from './page.ts';

/** Only layer versions that say of themselves that they fit. */
export interface LayerFilter {
  readonly runtime?: string | undefined;
  readonly architecture?: string | undefined;
}

/** Layers and their versions. */
export class Layers implements LayerCatalog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(layerName: string, version: number): LayerVersion | undefined {
    const row = this.#database
      .prepare('SELECT document FROM layer_versions WHERE layer_name = ? AND version = ?')
      .get(layerName, version);
    return row === undefined ? undefined : layerVersionOf(row);
  }

  version(arn: string): LayerReference | undefined {
    const { layerName, version } = parseLayerArn(arn) ?? {};
    if (layerName === undefined || !Number.isSafeInteger(version)) return undefined;
    const found = this.get(layerName, version!);
    // One of another account or region may have the name of one that is here.
    return found?.summary.LayerVersionArn === arn ? { arn, ...found.code } : undefined;
  }

  /** The number the next version of a layer has. Never one that was given before, though its version be deleted. */
  nextNumber(layerName: string): number {
    const row = this.#database.prepare('SELECT last_version FROM layers WHERE name = ?').get(layerName);
    return Number(row?.last_version ?? 0) + 1;
  }

  /** @param version its number is `nextNumber`. */
  publish(version: LayerVersion): void {
    const { layerName, summary } = version;
    this.#database.transaction(() => {
      this.#database
        .prepare(
          `INSERT INTO layers (name, last_version) VALUES (?, ?)
           ON CONFLICT (name) DO UPDATE SET last_version = excluded.last_version`,
        )
        .run(layerName, summary.Version);
      this.#database
        .prepare('INSERT INTO layer_versions (layer_name, version, digest, document) VALUES (?, ?, ?, ?)')
        .run(layerName, summary.Version, version.code.digest, JSON.stringify(version));
    });
  }

  /** With its policy. Functions that use it keep what they have. @returns whether it was there. */
  delete(layerName: string, version: number): boolean {
    const { changes } = this.#database
      .prepare('DELETE FROM layer_versions WHERE layer_name = ? AND version = ?')
      .run(layerName, version);
    return changes > 0;
  }

  /** The newest version that fits of every layer that has one, by the layers' names. */
  page(request: PageRequest, filter: LayerFilter): Page<LayerVersion> {
    const statement = this.#database.prepare(
      `SELECT document FROM layer_versions AS newest
       WHERE layer_name > $after AND version = (
         SELECT max(version) FROM layer_versions WHERE layer_name = newest.layer_name AND ${fits})
       ORDER BY layer_name LIMIT $limit`,
    );
    return pageOf(
      request,
      [''],
      ([after = ''], limit) => statement.all({ after, limit, ...parametersOf(filter) }).map(layerVersionOf),
      ({ layerName }) => [layerName],
    );
  }

  /** Those that fit of one layer, newest first. */
  pageOfVersions(layerName: string, request: PageRequest, filter: LayerFilter): Page<LayerVersion> {
    const statement = this.#database.prepare(
      `SELECT document FROM layer_versions WHERE layer_name = $layerName AND version < $before AND ${fits}
       ORDER BY version DESC LIMIT $limit`,
    );
    return pageOf(
      request,
      [Number.MAX_SAFE_INTEGER],
      ([before = 0], limit) =>
        statement.all({ layerName, before, limit, ...parametersOf(filter) }).map(layerVersionOf),
      ({ summary }) => [summary.Version],
    );
  }

  /** Bytes of the archives of all versions, each counted as often as it was published. */
  codeBytes(): number {
    const row = this.#database
      .prepare("SELECT total(json_extract(document, '$.code.size')) AS bytes FROM layer_versions")
      .get();
    return Number(row?.bytes);
  }

  /** Whether some version has this package: it must not be collected then. */
  usesPackage(digest: string): boolean {
    const row = this.#database.prepare('SELECT 1 FROM layer_versions WHERE digest = ? LIMIT 1').get(digest);
    return row !== undefined;
  }
}

const fits = `
  ($runtime IS NULL OR EXISTS (
    SELECT 1 FROM json_each(document, '$.summary.CompatibleRuntimes') WHERE value = $runtime))
  AND ($architecture IS NULL OR EXISTS (
    SELECT 1 FROM json_each(document, '$.summary.CompatibleArchitectures') WHERE value = $architecture))`;

function parametersOf({ runtime, architecture }: LayerFilter) {
  return { runtime: runtime ?? null, architecture: architecture ?? null };
}

function layerVersionOf(row: { readonly document?: unknown }): LayerVersion {
  return JSON.parse(String(row.document)) as LayerVersion;
}
