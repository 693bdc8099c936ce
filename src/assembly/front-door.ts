import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { PackageStore } from '../artifacts/package-store.ts';
import type { Deployment } from '../deploy/deployment.ts';
import { resourcePolicyOf } from '../deploy/resource-policy-of.ts';
import type { Identity } from '../iam/identity.ts';
import { IamApi } from '../iam-api/iam-api.ts';
import { FunctionUrls } from '../lambda-api/function-url/function-urls.ts';
import { operations } from '../lambda-api/operations.ts';
import { LambdaApiServer, type LambdaApiServerParts } from '../lambda-api/server.ts';
import type { Service } from '../lambda-api/service.ts';
import { Observatory, packagePrefix } from '../observatory/observatory.ts';
import { PackageDownloads } from '../observatory/package-downloads.ts';
import type { Execution } from './execution.ts';
import { listenError, type ServiceAddress, serviceUrl } from './service-address.ts';

export interface FrontDoorParts {
  readonly address: ServiceAddress;
  readonly deployment: Deployment;
  readonly access: Identity;
  readonly packages: PackageStore;
  readonly execution: Execution;
  readonly onWarning: (message: string) => void;
}

/** Everything the service serves: on its one port, and to environments at an address that only they reach. */
export interface FrontDoor {
  readonly url: string;
  /** Takes no more callers; those who are here have `drainMs` to be answered. */
  close(drainMs: number): Promise<void>;
}

/** @throws where nothing can listen at the address. */
export async function openFrontDoor(wanted: FrontDoorParts): Promise<FrontDoor> {
  const { address, deployment, access, packages, execution, onWarning } = wanted;
  const { catalog, identity, clock } = deployment;
  const downloads = new PackageDownloads({
    secret: access.accountKeys.secretAccessKey,
    prefix: packagePrefix,
    archive: (digest) => packages.archive(digest),
    clock,
  });
  const observatory = new Observatory({
    ...execution,
    downloads,
    authenticate: (request) => access.authenticate(request),
    clock,
  });
  // Known before anybody can ask: requests come after `listen`.
  let url = '';
  const service: Service = {
    ...identity,
    deployment,
    invoker: execution.invoker,
    resourcePolicy: (arn) => resourcePolicyOf(catalog, identity, arn),
    packageUrl: (digest, { host = new URL(url).host }) => downloads.url(digest, host),
    functionUrl: (urlId) => `http://${urlId}.lambda-url.${identity.region}.localhost:${new URL(url).port}/`,
  };
  const onError = (error: unknown, requestId: string): void =>
    onWarning(`request ${requestId}: ${error instanceof Error ? error.stack : error}`);
  const parts: LambdaApiServerParts = {
    service,
    operations,
    identity: access,
    queryApi: new IamApi(access),
    functionUrls: new FunctionUrls({ service, identity: access, clock, onError }),
    routes: observatory.routes,
    hostNames: [hostname(), ...(isIP(address.host) === 0 ? [address.host] : [])],
    clock,
    onError,
  };
  // A server each: however many connections functions hold, others get theirs.
  const inner = new LambdaApiServer(parts);
  const outer = new LambdaApiServer(parts);
  const { innerAddress } = execution;
  await inner.listen(innerAddress).catch((error: NodeJS.ErrnoException) => {
    throw innerListenError(error, innerAddress);
  });
  try {
    const { port } = await outer.listen(address).catch((error: NodeJS.ErrnoException) => {
      throw listenError(error, address);
    });
    url = serviceUrl({ host: address.host, port });
  } catch (error) {
    await inner.close(0);
    throw error;
  }
  return {
    url,
    close: async (drainMs) => void (await Promise.all([outer.close(drainMs), inner.close(drainMs)])),
  };
}

/** The address is of a bridge that was just made: only who listens on all addresses can have taken the port. */
function innerListenError(error: NodeJS.ErrnoException, { port }: ServiceAddress): Error {
  const mend = `another program listens on port ${port} of every address of this machine. End it, or give it one address.`;
  const why = error.code === 'EADDRINUSE' ? mend : error.message;
  return new Error(`the service cannot listen for functions that call it: ${why}`);
}
