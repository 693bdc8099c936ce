import { storeRoot } from '../artifacts/store-root.ts';
import { type DataDirectory, dataDirectory } from '../assembly/data-directory.ts';
import { isServiceRunning, readServiceRecord, type ServiceRecord } from '../assembly/service-record.ts';
import { openKeyFile } from '../iam/key-file.ts';
import { UsageError } from './usage-error.ts';

/** What it takes to talk to a service. */
export interface ServiceAccess {
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The data directory of `--data`; without one, where Thaw keeps everything else too. */
export function dataDirectoryOf(option: string | undefined): DataDirectory {
  return dataDirectory(option ?? storeRoot());
}

/** @throws UsageError where no service was ever started with this data. */
export function recordOf({ root, record }: DataDirectory): ServiceRecord {
  const found = readServiceRecord(record);
  if (found !== undefined) return found;
  throw new UsageError(`no service was started with the data of ${root}. Start one with: ${upCommand(root)}`);
}

/** Also of a service that has ended; `isRunning` says. @throws UsageError where none was ever started. */
export function serviceAccess(directory: DataDirectory): ServiceAccess & { readonly isRunning: boolean } {
  const record = recordOf(directory);
  const { root } = directory;
  if (record.url === undefined)
    throw new Error(
      isServiceRunning(record)
        ? `the service of ${root} is starting; try again in a moment.`
        : `the service of ${root} ended before it listened. Start it with: ${upCommand(root)}`,
    );
  const { accessKeyId, secretAccessKey } = openKeyFile(directory.keys);
  const { url, region } = record;
  return { url, region, accessKeyId, secretAccessKey, isRunning: isServiceRunning(record) };
}

/** @throws where it does not run. */
export function runningService(directory: DataDirectory): ServiceAccess {
  const access = serviceAccess(directory);
  if (access.isRunning) return access;
  throw new Error(
    `the service of ${directory.root} does not run. Start it with: ${upCommand(directory.root)}`,
  );
}

function upCommand(root: string): string {
  return root === storeRoot() ? 'thaw up' : `thaw up --data ${root}`;
}
