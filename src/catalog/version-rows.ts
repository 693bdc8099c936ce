import type { FunctionVersion } from '../domain/function-version.ts';
import type { Database } from '../foundation/database.ts';
import type { KnownVersions } from './known-versions.ts';

/** A row of `function_versions` as this room reads it. */
export interface VersionRow {
  readonly document: string;
}

export function versionOf(row: unknown): FunctionVersion {
  return JSON.parse((row as VersionRow).document) as FunctionVersion;
}

/** `$LATEST` is kept as 0; what no version is ever called (`0`, `007`, a number beyond all counting) is -1. */
export function numberOf(version: string): number {
  if (version === '$LATEST') return 0;
  return /^[1-9][0-9]{0,14}$/.test(version) ? Number(version) : -1;
}

/** While its creation or its update is in progress, a version is not settled. */
export function isSettled({ configuration }: FunctionVersion): boolean {
  return configuration.State !== 'Pending' && configuration.LastUpdateStatus !== 'InProgress';
}

function packagesOf(version: FunctionVersion | undefined): string[] {
  return version === undefined ? [] : [version.code, ...version.layers].map(({ digest }) => digest);
}

/** Made or replaced, within a transaction. */
export function writeVersion(database: Database, known: KnownVersions, version: FunctionVersion): void {
  known.forget();
  const key = [version.functionName, numberOf(version.version)] as const;
  database
    .prepare(
      `INSERT INTO function_versions (function_name, number, is_settled, document) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET is_settled = excluded.is_settled, document = excluded.document`,
    )
    .run(...key, Number(isSettled(version)), JSON.stringify(version));
  database.prepare('DELETE FROM version_packages WHERE function_name = ? AND number = ?').run(...key);
  const digests = new Set([...packagesOf(version), ...packagesOf(version.before)]);
  for (const digest of digests)
    database
      .prepare('INSERT INTO version_packages (digest, function_name, number) VALUES (?, ?, ?)')
      .run(digest, ...key);
}
