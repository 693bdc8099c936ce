import { mkdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Where a service keeps everything it keeps:
 *
 *     thaw.db        functions, layers, roles, events that wait: all records
 *     packages/      the archives that were uploaded, and their contents
 *     logs/          what functions and extensions logged
 *     keys.json      the account's keys, for its owner's eyes only
 *     service.json   the service that runs on this data, or the one that ran last
 *     lock           held by the one that runs
 */
export interface DataDirectory {
  readonly root: string;
  readonly database: string;
  readonly packages: string;
  readonly logs: string;
  readonly keys: string;
  readonly record: string;
}

export function dataDirectory(root: string): DataDirectory {
  const absolute = path.resolve(root);
  return {
    root: absolute,
    database: path.join(absolute, 'thaw.db'),
    packages: path.join(absolute, 'packages'),
    logs: path.join(absolute, 'logs'),
    keys: path.join(absolute, 'keys.json'),
    record: path.join(absolute, 'service.json'),
  };
}

/**
 * @returns the topmost directory that was not there before, if any.
 * @throws where it cannot be made.
 */
export function makeDataDirectory({ root }: DataDirectory): string | undefined {
  try {
    return mkdirSync(root, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(
      `the data directory ${root} cannot be made: ${(error as Error).message}. Give another one with --data.`,
    );
  }
}
