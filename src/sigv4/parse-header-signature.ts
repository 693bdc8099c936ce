import { hash } from 'node:crypto';
import { parseScope, parseSignedHeaders } from './parse-scope.ts';
import { algorithm, type Signature } from './signature.ts';
import { incomplete, isProblem, type SignatureProblem } from './signature-problem.ts';
import { formatSignatureTime, parseSignatureTime } from './signature-time.ts';
import { headerOf, type SignedRequest } from './signed-request.ts';

const needed = ['Credential', 'Signature', 'SignedHeaders'] as const;

/** Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`. */
export function parseHeaderSignature(request: Pick<SignedRequest, 'headers'>): Signature | SignatureProblem {
  const header = headerOf(request, 'authorization') ?? '';
  const at = header.indexOf(' ');
  const scheme = at === -1 ? header : header.slice(0, at);
  if (scheme !== algorithm)
    return incomplete(`Unsupported AWS 'algorithm': '${scheme.slice(0, 64)}'. Only ${algorithm} is.`);
  const parameters = parseParameters(header.slice(at + 1));
  if (parameters === undefined)
    return incomplete(`Authorization header is not a list of key=value pairs. ${fingerprint(header)}`);

  const time = timeOf(request);
  const complaints = needed
    .filter((name) => !parameters.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (time === undefined)
    complaints.push(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header, in a form that can be read.",
    );
  if (complaints.length > 0 || time === undefined)
    return incomplete(`${complaints.join(' ')} ${fingerprint(header)}`);

  const scope = parseScope(parameters.get('Credential')!);
  if (isProblem(scope)) return scope;
  const signedHeaders = parseSignedHeaders(parameters.get('SignedHeaders')!);
  if (signedHeaders === undefined)
    return incomplete(
      `'SignedHeaders' must be lower-case header names separated by ';'. ${fingerprint(header)}`,
    );
  const sessionToken = headerOf(request, 'x-amz-security-token');
  return {
    carriedBy: 'header',
    ...scope,
    ...time,
    signedHeaders,
    hex: parameters.get('Signature')!,
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

/** @returns undefined where the text is no list of `name=value`, or names one twice. */
function parseParameters(text: string): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const part of text.split(',')) {
    const pair = part.replace(/^[ \t]+|[ \t]+$/g, '');
    const at = pair.indexOf('=');
    if (at === -1 || parameters.has(pair.slice(0, at))) return undefined;
    parameters.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return parameters;
}

/** `X-Amz-Date` wins; `Date` may also be in HTTP's own form, and is signed in ISO 8601's. */
function timeOf(request: Pick<SignedRequest, 'headers'>): { time: string; timeMs: number } | undefined {
  const text = headerOf(request, 'x-amz-date') ?? headerOf(request, 'date');
  if (text === undefined) return undefined;
  const timeMs = parseSignatureTime(text);
  if (timeMs !== undefined) return { time: text, timeMs };
  if (headerOf(request, 'x-amz-date') !== undefined || !/ GMT$/.test(text)) return undefined;
  const httpMs = Date.parse(text);
  return Number.isNaN(httpMs) ? undefined : { time: formatSignatureTime(httpMs), timeMs: httpMs };
}

/** Lets a caller find the header that is meant, without an answer or a log repeating it. */
function fingerprint(header: string): string {
  return `(Hashed with SHA-256 and encoded with Base64) Authorization=${hash('sha256', header, 'base64')}`;
}
