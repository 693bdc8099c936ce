import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { ConditionContext } from '../iam/condition-context.ts';
import type { HttpAnswer } from './http-answer.ts';

/** What else is served on the port of the Lambda API. Whoever is called answers, whatever happens. */
export interface SideDoors {
  /** By path: a whole one (`/healthz`), or, with a slash at its end, what the paths begin with. Not authenticated. */
  readonly routes?: Readonly<Record<string, SideRoute>>;
  /** By the Host header: function URLs. */
  readonly functionUrls?: {
    handles(hostName: string): boolean;
    serve: SideRoute;
  };
  /** By the service that the signature is for: IAM and STS. */
  readonly queryApi?: QueryApi;
}

export type SideRoute = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>;

/** An API of form-encoded requests, all to the path `/`. It verifies its callers, and words its refusals, itself. */
export interface QueryApi {
  handles(request: { readonly rawUrl: string; readonly headers: IncomingHttpHeaders }): boolean;
  answer(call: {
    readonly requestId: string;
    readonly method: string;
    /** Path and query, not decoded. */
    readonly rawUrl: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
    /** Epoch milliseconds. */
    readonly nowMs: number;
    readonly conditions: ConditionContext;
  }): Promise<HttpAnswer> | HttpAnswer;
}

export function findRoute(routes: SideDoors['routes'], rawUrl: string): SideRoute | undefined {
  if (routes === undefined) return undefined;
  const at = rawUrl.indexOf('?');
  const path = at === -1 ? rawUrl : rawUrl.slice(0, at);
  if (Object.hasOwn(routes, path)) return routes[path];
  const end = path.indexOf('/', 1);
  const prefix = end === -1 ? undefined : path.slice(0, end + 1);
  return prefix !== undefined && Object.hasOwn(routes, prefix) ? routes[prefix] : undefined;
}
