import { decodeComponent } from './component-encoding.ts';
import { parseScope, parseSignedHeaders } from './parse-scope.ts';
import { algorithm, type Signature } from './signature.ts';
import { incomplete, isProblem, type SignatureProblem } from './signature-problem.ts';
import { parseSignatureTime } from './signature-time.ts';
import { type SignedRequest, splitUrl } from './signed-request.ts';

const needed = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
  'X-Amz-Expires',
];
/** "AWS SDKs and tools": a presigned URL holds a week at most. */
const maxExpiresS = 604_800;

/** Any one of the parameters makes a URL a presigned one, which then must be whole. */
export function queryCarriesSignature(rawUrl: string): boolean {
  return /[?&]X-Amz-(?:Algorithm|Credential|Signature)=/.test(rawUrl);
}

export function parseQuerySignature(request: Pick<SignedRequest, 'rawUrl'>): Signature | SignatureProblem {
  const parameters = amzParameters(splitUrl(request.rawUrl).query);
  if (parameters === undefined)
    return incomplete('An X-Amz-* parameter of the query string is there twice, or is encoded badly.');
  const missing = needed.filter((name) => !parameters.get(name));
  if (missing.length > 0)
    return incomplete(missing.map((name) => `AWS query-string parameters must include '${name}'.`).join(' '));
  if (parameters.get('X-Amz-Algorithm') !== algorithm)
    return incomplete(`Unsupported AWS 'algorithm' in X-Amz-Algorithm. Only ${algorithm} is.`);
  const scope = parseScope(parameters.get('X-Amz-Credential')!);
  if (isProblem(scope)) return scope;

  const time = parameters.get('X-Amz-Date')!;
  const timeMs = parseSignatureTime(time);
  if (timeMs === undefined)
    return incomplete("X-Amz-Date must be in ISO 8601's basic form, e.g. 20260131T123456Z.");
  const expires = parameters.get('X-Amz-Expires')!;
  const expiresS = /^\d{1,6}$/.test(expires) ? Number(expires) : 0;
  if (expiresS < 1 || expiresS > maxExpiresS)
    return incomplete(`X-Amz-Expires must be a number of seconds from 1 to ${maxExpiresS}.`);
  const signedHeaders = parseSignedHeaders(parameters.get('X-Amz-SignedHeaders')!);
  if (signedHeaders === undefined)
    return incomplete("X-Amz-SignedHeaders must be lower-case header names separated by ';'.");
  const sessionToken = parameters.get('X-Amz-Security-Token');
  return {
    carriedBy: 'query',
    ...scope,
    time,
    timeMs,
    expiresS,
    signedHeaders,
    hex: parameters.get('X-Amz-Signature')!,
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

function amzParameters(query: string): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const parameter of query.split('&')) {
    if (!parameter.startsWith('X-Amz-')) continue;
    const [name, value = ''] = parameter.split('=', 2) as [string, string?];
    const decoded = decodeComponent(value.replaceAll('+', ' '));
    if (decoded === undefined || parameters.has(name)) return undefined;
    parameters.set(name, decoded);
  }
  return parameters;
}
