import { openPackageStore } from '../artifacts/package-store.ts';
import { storeRoot } from '../artifacts/store-root.ts';
import { Catalog } from '../catalog/catalog.ts';
import type { Deployment } from '../deploy/deployment.ts';
import { Settler } from '../deploy/settler.ts';
import type { ServiceIdentity } from '../domain/arn.ts';
import { maxCodeStorageBytes } from '../domain/limits.ts';
import { systemClock } from '../foundation/clock.ts';
import { Database } from '../foundation/database.ts';
import { lockDirectory } from '../foundation/directory-lock.ts';
import { Identity } from '../iam/identity.ts';
import { requireRoot } from '../sandbox/require-root.ts';
import { type DataDirectory, dataDirectory, makeDataDirectory } from './data-directory.ts';
import { Ending } from './ending.ts';
import { type ExecutionOptions, openExecution } from './execution.ts';
import { openFrontDoor } from './front-door.ts';
import { NewData } from './new-data.ts';
import { PackageCollection } from './package-collection.ts';
import type { ServiceAddress } from './service-address.ts';
import { writeServiceRecord } from './service-record.ts';

/** What `thaw up` is asked for, validated. */
export interface ServiceOptions extends ExecutionOptions {
  readonly address: ServiceAddress;
  readonly dataDirectory: string;
  readonly region: string;
}

export interface RunningService {
  /** `http://127.0.0.1:4574`. */
  readonly url: string;
  readonly identity: ServiceIdentity;
  readonly directory: DataDirectory;
  /**
   * Ends in order: takes no new work, lets what is at work finish for up to `drainMs`, shuts environments down. Resolves
   * when everything is given back. Once.
   */
  close(drainMs: number): Promise<void>;
  /** Ends what `close` still waits for. */
  kill(): void;
}

const accountId = '123456789012';

/** For callers of invocations that were ended to be told so. */
const lastWordsMs = 500;
/** For environments that were told to shut down: more than their extensions have for it. */
const shutdownMs = 5000;

/**
 * Opens a service on its data, takes up what an earlier life left undone, and listens.
 *
 * @throws DirectoryLockedError where another one runs on the data; where the data, the host or the address cannot be used.
 */
export async function openService(options: ServiceOptions): Promise<RunningService> {
  requireRoot();
  const opened = new AsyncDisposableStack();
  try {
    return await open(options, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** @param opened takes what has to be given back, in reverse order. */
async function open(options: ServiceOptions, opened: AsyncDisposableStack): Promise<RunningService> {
  const { region, onWarning } = options;
  const identity: ServiceIdentity = { region, accountId };
  const clock = systemClock;
  const directory = dataDirectory(options.dataDirectory);
  const topmost = makeDataDirectory(directory);
  const lock = await lockDirectory(directory.root, `thaw up, process ${process.pid}`);
  const newData = new NewData(directory, topmost);
  let url: string | undefined;
  opened.defer(() => {
    if (url === undefined) newData.remove();
    lock.release();
  });
  writeServiceRecord(directory.record, identity);

  const database = new Database(directory.database);
  opened.defer(() => database.close());
  const access = new Identity({ database, keysFile: directory.keys, ...identity, clock });
  const onError = (error: unknown): void => onWarning(errorText(error));
  const catalog = new Catalog(database, onError);
  const packages = await openPackageStore(directory.packages);
  const settler = new Settler(catalog, packages, onError);
  opened.defer(() => settler.close());

  const ending = new Ending();
  const execution = await openExecution({
    ...options,
    identity,
    database,
    catalog,
    packages,
    issue: (roleArn, sessionName) => access.issue(roleArn, sessionName),
    logsRoot: directory.logs,
    storeRoot: storeRoot(),
    clock,
  });
  opened.defer(() => execution.close(ending.remainingMs() + shutdownMs));

  const collection = new PackageCollection(packages, catalog, onWarning);
  opened.defer(() => collection.close());

  const deployment: Deployment = {
    identity,
    catalog,
    layers: catalog.layers,
    packages,
    settler,
    clock,
    quotas: { concurrentExecutions: options.concurrentExecutions, codeStorageBytes: maxCodeStorageBytes },
  };
  const door = await openFrontDoor({
    ...options,
    deployment,
    access,
    packages,
    execution,
  });
  opened.defer(() => door.close(ending.remainingMs() + lastWordsMs));
  writeServiceRecord(directory.record, { ...identity, url: door.url });
  url = door.url;

  settler.resume().catch(onError);
  execution.start();
  return {
    url,
    identity,
    directory,
    close: async (drainMs) => {
      ending.begin(drainMs);
      execution.stopQueue();
      const overdue = setTimeout(() => execution.end('shutdown'), drainMs);
      await opened.disposeAsync();
      clearTimeout(overdue);
    },
    kill: () => {
      ending.begin(0);
      execution.end('kill');
      void door.close(lastWordsMs);
    },
  };
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
