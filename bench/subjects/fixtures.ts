import path from 'node:path';
import { Interpreters } from '../../src/artifacts/runtimes/interpreters.ts';
import { storeRoot } from '../../src/artifacts/store-root.ts';
import type { EnvironmentSpec } from '../../src/domain/environment-spec.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** The same files for floor and product. */
export const functionDir = path.join(root, 'bench/fixtures/function');
export const layerDir = path.join(root, 'bench/fixtures/layer');
export const subscribersDir = path.join(root, 'bench/fixtures/subscribers');
export const plainRuntime = path.join(root, 'bench/fixtures/plain-runtime.js');
export const extensionName = 'follower';
export const bootstrapDir = path.join(root, 'bootstraps/nodejs/var-runtime');
export const commandPath = path.join(root, 'bin/thaw');

/** The interpreter under both; its directory holds `bin/node`. */
export async function interpreter(): Promise<{ readonly dir: string; readonly version: string }> {
  const interpreters = new Interpreters({ storeRoot: storeRoot() });
  const found = await interpreters.find('nodejs24.x');
  const [lang] = await interpreters.mounts(found);
  return { dir: lang!.sources[0]!, version: found.version };
}

export const spec: EnvironmentSpec = {
  functionName: 'bench',
  functionVersion: '$LATEST',
  accountId: '123456789012',
  region: 'us-east-1',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  memoryMiB: 128,
  timeoutMs: 3000,
  ephemeralStorageMiB: 512,
  variables: {},
  credentials: { accessKeyId: 'ASIABENCH', secretAccessKey: 'opens-nothing', sessionToken: 'none' },
  logging: { format: 'Text' },
  initializationType: 'on-demand',
};

export const logNames = { logGroupName: '/aws/lambda/bench', logStreamName: '2026/01/01/[$LATEST]bench' };
