/** What a request on an inner API asks for. Routes only parse; what follows is decided in `lifecycle/`. */
export type Route =
  | { readonly to: 'runtimeNext' }
  | { readonly to: 'runtimeAnswer'; readonly kind: 'response' | 'error'; readonly requestId: string }
  | { readonly to: 'runtimeInitError' }
  | { readonly to: 'ping' }
  | { readonly to: 'register' }
  | { readonly to: 'extensionNext' }
  | { readonly to: 'extensionInitError' }
  | { readonly to: 'extensionExitError' }
  | { readonly to: 'telemetry' }
  | { readonly to: 'logs' }
  | { readonly to: 'metadata' }
  | { readonly to: 'nowhere'; readonly status: 404 | 405 };

const runtime = '/2018-06-01/runtime/';
const invocation = `${runtime}invocation/`;

/** Paths with one method each; a trailing slash of the subscription paths appears in AWS's own examples. */
const fixed: Readonly<Record<string, { readonly method: string; readonly route: Route }>> = {
  [`${invocation}next`]: { method: 'GET', route: { to: 'runtimeNext' } },
  [`${runtime}init/error`]: { method: 'POST', route: { to: 'runtimeInitError' } },
  '/2018-06-01/ping': { method: 'GET', route: { to: 'ping' } },
  '/2020-01-01/extension/register': { method: 'POST', route: { to: 'register' } },
  '/2020-01-01/extension/event/next': { method: 'GET', route: { to: 'extensionNext' } },
  '/2020-01-01/extension/init/error': { method: 'POST', route: { to: 'extensionInitError' } },
  '/2020-01-01/extension/exit/error': { method: 'POST', route: { to: 'extensionExitError' } },
  '/2022-07-01/telemetry': { method: 'PUT', route: { to: 'telemetry' } },
  '/2022-07-01/telemetry/': { method: 'PUT', route: { to: 'telemetry' } },
  '/2020-08-15/logs': { method: 'PUT', route: { to: 'logs' } },
  '/2020-08-15/logs/': { method: 'PUT', route: { to: 'logs' } },
  '/2026-01-15/metadata/execution-environment': { method: 'GET', route: { to: 'metadata' } },
};

export function parseRoute(method: string, url: string): Route {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  const known = Object.hasOwn(fixed, path) ? fixed[path] : undefined;
  if (known) return known.method === method ? known.route : { to: 'nowhere', status: 405 };
  if (path.startsWith(invocation)) {
    const [requestId, kind, ...rest] = path.slice(invocation.length).split('/');
    if (requestId && (kind === 'response' || kind === 'error') && rest.length === 0) {
      return method === 'POST' ? { to: 'runtimeAnswer', kind, requestId } : { to: 'nowhere', status: 405 };
    }
  }
  return { to: 'nowhere', status: 404 };
}
