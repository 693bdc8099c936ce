import { once } from 'node:events';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { openPackageStore, type PackageStore } from '../../artifacts/package-store.ts';
import { rawZip } from '../../artifacts/testing/raw-zip.ts';
import { temporaryDirectory } from '../../artifacts/testing/temporary-directory.ts';
import { Catalog } from '../../catalog/catalog.ts';
import type { LayerReference } from '../../domain/function-version.ts';
import { systemClock } from '../../foundation/clock.ts';
import { Database } from '../../foundation/database.ts';
import type { AccountQuotas, Deployment } from '../deployment.ts';
import { Settler } from '../settler.ts';

/** A real catalog and a real package store in a directory of the test's own. */
export interface Deployed {
  readonly deployment: Deployment;
  readonly store: PackageStore;
  /** What functions can be given as layers, by ARN. */
  readonly layers: Map<string, LayerReference>;
  /** Nothing created or updated is settled between `hold` and `letGo`. */
  hold(): void;
  letGo(): Promise<void>;
  /** Idempotent; a test that ends closes too. */
  close(): Promise<void>;
  /** As a start after a crash: what was unsettled is taken up. */
  restart(): Promise<Deployed>;
}

export const role = 'arn:aws:iam::123456789012:role/worker';
export const identity = { region: 'us-east-1', accountId: '123456789012' };

/** A deployment package with one file; another `text` is another package. */
export function zip(text = 'exports.handler = async () => 1'): Buffer {
  return rawZip([{ name: 'index.js', contents: text }]);
}

/** A request that is accepted. */
export function sampleRequest(FunctionName: string) {
  return {
    FunctionName,
    Role: role,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: zip() },
  };
}

export function layerArn(name: string, version = 1): string {
  return `arn:aws:lambda:us-east-1:123456789012:layer:${name}:${version}`;
}

export async function deployed(t: TestContext, quotas: Partial<AccountQuotas> = {}): Promise<Deployed> {
  return await open(t, temporaryDirectory(t), quotas);
}

async function open(t: TestContext, directory: string, quotas: Partial<AccountQuotas>): Promise<Deployed> {
  const store = await openPackageStore(path.join(directory, 'packages'));
  const database = new Database(path.join(directory, 'thaw.db'));
  const fail = (error: unknown) => {
    throw error;
  };
  const catalog = new Catalog(database, fail);
  const gate = new EventTarget();
  let isHeld = false;
  const packages = {
    put: (archive: Buffer) => store.put(archive),
    use: async (digest: string) => {
      if (isHeld) await once(gate, 'open');
      return await store.use(digest);
    },
  };
  const settler = new Settler(catalog, packages, fail);
  const letGo = async () => {
    isHeld = false;
    gate.dispatchEvent(new Event('open'));
    await settler.idle();
  };
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await letGo();
    await settler.close();
    database.close();
  };
  t.after(close);
  const layers = new Map<string, LayerReference>();
  const deployment: Deployment = {
    identity,
    catalog,
    layers: { version: (arn) => layers.get(arn) },
    packages,
    settler,
    clock: systemClock,
    quotas: { concurrentExecutions: 1000, codeStorageBytes: 2 ** 30, ...quotas },
  };
  return {
    deployment,
    store,
    layers,
    hold: () => {
      isHeld = true;
    },
    letGo,
    close,
    restart: async () => {
      // A crash settles nothing: what is held back is dropped with the database it would write to.
      isOpen = false;
      database.close();
      const next = await open(t, directory, quotas);
      for (const [arn, layer] of layers) next.layers.set(arn, layer);
      await next.deployment.settler.resume();
      return next;
    },
  };
}
