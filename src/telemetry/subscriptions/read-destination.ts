import type { SubscriptionApi } from '../../domain/story.ts';

export interface HttpDestination {
  readonly protocol: 'HTTP';
  /** As the subscriber wrote it: `sandbox.localdomain` or `sandbox`. */
  readonly hostname: string;
  readonly port: number;
  /** Path and query, `/` at least. */
  readonly path: string;
  readonly method: 'POST' | 'PUT';
}

export interface TcpDestination {
  readonly protocol: 'TCP';
  readonly port: number;
}

export type Destination = HttpDestination | TcpDestination;

/** The inner APIs' own port. */
const reservedPort = 9001;
/** The environment's names for itself: nothing is delivered to anywhere else. */
const hostnames: readonly string[] = ['sandbox.localdomain', 'sandbox'];

/** `destination` of a subscribe request. What is wrong goes to `problems`. */
export function readDestination(
  api: SubscriptionApi,
  value: unknown,
  problems: string[],
): Destination | undefined {
  if (value === undefined || value === null) {
    problems.push('destination is not provided');
    return undefined;
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    problems.push('destination should be an object');
    return undefined;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  if (fields.protocol === 'HTTP') return readHttp(api, fields, problems);
  if (fields.protocol === 'TCP') return readTcp(fields, problems);
  problems.push('destination protocol should be HTTP or TCP');
  return undefined;
}

/** `method` and `encoding` are the Logs API's; the Telemetry API always posts. */
function readHttp(
  api: SubscriptionApi,
  fields: Readonly<Record<string, unknown>>,
  problems: string[],
): HttpDestination | undefined {
  const place = readUri(fields.URI, ['http:'], problems);
  const method = api === 'logs' ? (fields.method ?? 'POST') : 'POST';
  if (method !== 'POST' && method !== 'PUT') {
    problems.push('destination method should be POST or PUT');
    return undefined;
  }
  if (api === 'logs' && (fields.encoding ?? 'JSON') !== 'JSON') {
    problems.push('destination encoding should be JSON');
  }
  return place && { protocol: 'HTTP', ...place, method };
}

/** The schema has `port`; the guide shows a URI for TCP as well. */
function readTcp(fields: Readonly<Record<string, unknown>>, problems: string[]): TcpDestination | undefined {
  const { port, URI } = fields;
  if (port === undefined || port === null) {
    if (URI === undefined || URI === null) {
      problems.push('port is not provided');
      return undefined;
    }
    const place = readUri(URI, ['tcp:', 'http:'], problems);
    return place && { protocol: 'TCP', port: place.port };
  }
  return isDeliverable(port, 'port', problems) ? { protocol: 'TCP', port } : undefined;
}

function readUri(
  value: unknown,
  schemes: readonly string[],
  problems: string[],
): { readonly hostname: string; readonly port: number; readonly path: string } | undefined {
  if (value === undefined || value === null || value === '') {
    problems.push('URI is not provided');
    return undefined;
  }
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (!url || !schemes.includes(url.protocol)) {
    problems.push(`URI should be like ${schemes[0]}//sandbox.localdomain:8080`);
    return undefined;
  }
  const before = problems.length;
  const hostname = url.hostname.toLowerCase();
  if (!hostnames.includes(hostname) || url.username !== '' || url.password !== '') {
    problems.push(`URI host should be ${hostnames.join(' or ')}`);
  }
  const port = portOf(String(value));
  if (port === undefined) problems.push('URI port is not provided');
  else isDeliverable(port, 'URI port', problems);
  if (port === undefined || problems.length > before) return undefined;
  return { hostname, port, path: `${url.pathname || '/'}${url.search}` };
}

/** Read from the text: a parsed URL no longer tells `:80` from no port. */
function portOf(uri: string): number | undefined {
  const digits = /^\s*[a-z]+:\/\/[^/?#]*:(\d+)(?:[/?#]|\s*$)/i.exec(uri)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function isDeliverable(port: unknown, what: string, problems: string[]): port is number {
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    problems.push(`${what} should be an integer between 1 and 65535`);
  } else if (port === reservedPort) {
    problems.push(`${what} ${reservedPort} is reserved`);
  } else {
    return true;
  }
  return false;
}
