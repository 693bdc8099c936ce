import type { IncomingMessage } from 'node:http';
import type { FunctionUrlCors } from '../../catalog/function-urls.ts';

type Headers = Readonly<Record<string, string>>;

/** A browser that asks whether it may send a request: answered without the function. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/** The headers of the answer to a preflight; none where the origin may not. */
export function preflightHeaders(cors: FunctionUrlCors, req: IncomingMessage): Headers {
  const allowed = originHeaders(cors, req);
  if (allowed === undefined) return {};
  const methods = listed(cors.AllowMethods, req.headers['access-control-request-method']);
  const headers = listed(cors.AllowHeaders, req.headers['access-control-request-headers']);
  return {
    ...allowed,
    ...(methods !== undefined && { 'access-control-allow-methods': methods }),
    ...(headers !== undefined && { 'access-control-allow-headers': headers }),
    ...(cors.MaxAge !== undefined && { 'access-control-max-age': String(cors.MaxAge) }),
  };
}

/** What the URL's configuration adds to every other answer. */
export function corsHeaders(cors: FunctionUrlCors | undefined, req: IncomingMessage): Headers {
  const allowed = cors === undefined ? undefined : originHeaders(cors, req);
  if (allowed === undefined) return {};
  const exposed = cors?.ExposeHeaders ?? [];
  return {
    ...allowed,
    ...(exposed.length > 0 && { 'access-control-expose-headers': exposed.join(',') }),
  };
}

function originHeaders(cors: FunctionUrlCors, { headers: { origin } }: IncomingMessage): Headers | undefined {
  const origins = cors.AllowOrigins ?? [];
  if (origin === undefined || !(origins.includes('*') || origins.includes(origin))) return undefined;
  // Browsers take no asterisk where credentials are sent.
  const isAny = origins.includes('*') && cors.AllowCredentials !== true;
  return {
    'access-control-allow-origin': isAny ? '*' : origin,
    ...(cors.AllowCredentials === true && { 'access-control-allow-credentials': 'true' }),
    ...(!isAny && { vary: 'Origin' }),
  };
}

/** An asterisk allows what was asked for: browsers with credentials take it by its name alone. */
function listed(allowed: readonly string[] | undefined, asked: string | undefined): string | undefined {
  if (allowed === undefined || allowed.length === 0) return undefined;
  return allowed.includes('*') ? asked : allowed.join(',');
}
