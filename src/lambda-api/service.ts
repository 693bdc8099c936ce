import type { IncomingHttpHeaders } from 'node:http';
import type { Deployment } from '../deploy/deployment.ts';
import type { PolicyDocument } from '../iam/policy/document.ts';
import type { Invoker } from '../invoke/invoker.ts';

/** What operations work with. Each room's piece adds what its operations need. */
export interface Service {
  readonly region: string;
  readonly accountId: string;
  /** The resource policy of a function, a version, an alias or a layer version; undefined where it has none. */
  readonly resourcePolicy: (resourceArn: string) => PolicyDocument | undefined;
  readonly deployment: Deployment;
  /**
   * Where the archive of a package can be fetched for a while, by its digest.
   *
   * @param headers of the request: what it calls the service by is what its caller reaches it by.
   */
  readonly packageUrl: (digest: string, headers: IncomingHttpHeaders) => string;
  /** Where a function URL is served, by its id. */
  readonly functionUrl: (urlId: string) => string;
  readonly invoker: Invoker;
}
