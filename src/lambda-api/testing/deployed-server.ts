import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createFunction } from '../../deploy/create-function.ts';
import type { Deployment } from '../../deploy/deployment.ts';
import { resourcePolicyOf } from '../../deploy/resource-policy-of.ts';
import { deployed, sampleRequest } from '../../deploy/testing/deployed.ts';
import { operations } from '../operations.ts';
import type { Service } from '../service.ts';
import { type StartedServer, startServer } from './started-server.ts';

export interface DeployedServer extends StartedServer {
  readonly deployment: Deployment;
  /** A function that is Active. */
  createFunction(name: string): Promise<void>;
}

/** The whole API over a real catalog and a real package store, for the SDK's client. Closed when the test ends. */
export async function deployedServer(t: TestContext): Promise<DeployedServer> {
  const made = await deployed(t);
  const { catalog, identity, settler } = made.deployment;
  const deployment: Deployment = { ...made.deployment, layers: catalog.layers };
  const resourcePolicy = (arn: string) => resourcePolicyOf(catalog, identity, arn);
  // Nothing is invoked here.
  const service: Omit<Service, 'invoker'> = {
    ...identity,
    resourcePolicy,
    deployment,
    packageUrl: (digest) => `http://127.0.0.1/packages/${digest}`,
    functionUrl: (urlId) => `http://${urlId}.lambda-url.us-east-1.localhost:4574/`,
  };
  const started = await startServer(operations, { service: service as Service });
  t.after(() => started.close());
  return {
    ...started,
    deployment,
    createFunction: async (name) => {
      await createFunction(deployment, sampleRequest(name));
      await settler.idle();
    },
  };
}

/** That a request is refused with this exception, and this text. */
export async function refused(request: Promise<unknown>, name: string, message: string): Promise<void> {
  await assert.rejects(request, (error: Error & { Message?: string }) => {
    assert.deepEqual({ name: error.name, message: error.message }, { name, message });
    return true;
  });
}
