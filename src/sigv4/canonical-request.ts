import { encodeComponent, normaliseComponent } from './component-encoding.ts';
import { headerOf, type SignedRequest, splitUrl } from './signed-request.ts';

/** What a canonical request is made from besides the request ("Create a signed AWS API request"). */
export interface CanonicalParts {
  readonly signedHeaders: readonly string[];
  /** Hex of the body's SHA-256, or one of the words that stand in its place. */
  readonly payloadHash: string;
  /** S3 alone takes paths as they are; all others encode the path they were sent once more. */
  readonly pathEncoding: 'once' | 'twice';
}

/** @returns the text whose hash is signed; undefined where a header that is said to be signed is not there. */
export function canonicalRequest(request: SignedRequest, parts: CanonicalParts): string | undefined {
  const { path, query } = splitUrl(request.rawUrl);
  let headers = '';
  for (const name of parts.signedHeaders) {
    const value = headerOf(request, name);
    if (value === undefined) return undefined;
    headers += `${name}:${foldSpaces(value)}\n`;
  }
  const canonicalPath = parts.pathEncoding === 'once' ? encodedOnce(path) : encodedTwice(path);
  return `${request.method}\n${canonicalPath}\n${canonicalQuery(query)}\n${headers}\n${parts.signedHeaders.join(';')}\n${parts.payloadHash}`;
}

function foldSpaces(value: string): string {
  return value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '');
}

function encodedOnce(path: string): string {
  return path.split('/').map(normaliseComponent).join('/');
}

function encodedTwice(path: string): string {
  return withoutDotSegments(path).split('/').map(encodeComponent).join('/');
}

function withoutDotSegments(path: string): string {
  if (!path.includes('//') && !path.includes('/.')) return path;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/** Parameters in one spelling, sorted; `+` is a space, as those who read the query take it. */
function canonicalQuery(query: string): string {
  if (query === '') return '';
  const parameters: (readonly [name: string, value: string])[] = [];
  for (const parameter of query.split('&')) {
    if (parameter === '') continue;
    const at = parameter.indexOf('=');
    const name = normaliseParameter(at === -1 ? parameter : parameter.slice(0, at));
    if (name === 'X-Amz-Signature') continue;
    parameters.push([name, at === -1 ? '' : normaliseParameter(parameter.slice(at + 1))]);
  }
  return parameters
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function normaliseParameter(text: string): string {
  return normaliseComponent(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
