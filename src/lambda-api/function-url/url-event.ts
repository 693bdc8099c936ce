import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Principal } from '../../domain/principal.ts';
import type { UrlCaller } from './url-caller.ts';

export interface UrlRequest {
  readonly req: IncomingMessage;
  readonly body: Buffer;
  readonly requestId: string;
  readonly urlId: string;
  /** Without its port. */
  readonly domainName: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly sourceIp: string;
  /** `Root=…`. */
  readonly traceId: string;
}

/** The event of an HTTP request, in format 2.0 ("Invoking Lambda function URLs", request payload). */
export function urlEvent(request: UrlRequest, caller: UrlCaller | undefined): Buffer {
  const { req, body, requestId, urlId, domainName, nowMs, sourceIp } = request;
  const url = req.url ?? '/';
  const at = url.indexOf('?');
  const rawPath = at < 0 ? url : url.slice(0, at);
  const rawQueryString = at < 0 ? '' : url.slice(at + 1);
  const headers = eventHeaders(request, caller !== undefined);
  const cookies = headers.cookie?.split(/; */).filter((cookie) => cookie !== '');
  const isBase64Encoded = body.length > 0 && !isText(headers['content-type'], body);
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookies !== undefined && { cookies }),
    headers,
    ...(rawQueryString !== '' && { queryStringParameters: queryParameters(rawQueryString) }),
    requestContext: {
      accountId: caller?.principal.accountId ?? 'anonymous',
      apiId: urlId,
      ...(caller !== undefined && { authorizer: { iam: authorizer(caller) } }),
      domainName,
      domainPrefix: urlId,
      http: {
        method: req.method,
        path: decoded(rawPath),
        protocol: `HTTP/${req.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: commonLogTime(nowMs),
      timeEpoch: Math.floor(nowMs),
    },
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
  return Buffer.from(JSON.stringify(event));
}

/** Of the connection, not of the request; a signature is nobody else's business. */
const withheld = new Set([
  'connection',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function eventHeaders(
  { req, sourceIp, traceId }: UrlRequest,
  isSigned: boolean,
): Record<string, string | undefined> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(req.headersDistinct))
    if (!withheld.has(name) && !name.startsWith('proxy-') && !(isSigned && name === 'authorization'))
      headers[name] = (values ?? []).join(name === 'cookie' ? '; ' : ',');
  const forwarded = headers['x-forwarded-for'];
  headers['x-forwarded-for'] = forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`;
  headers['x-forwarded-proto'] = 'http';
  headers['x-forwarded-port'] = String(req.socket.localPort);
  headers['x-amzn-trace-id'] = traceId;
  return headers;
}

function queryParameters(query: string): Record<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const known = parameters.get(name);
    parameters.set(name, known === undefined ? value : `${known},${value}`);
  }
  return Object.fromEntries(parameters);
}

function authorizer({ principal, accessKeyId, userId }: UrlCaller) {
  return {
    accessKey: accessKeyId,
    accountId: principal.accountId,
    callerId: userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: (principal as Exclude<Principal, { kind: 'anonymous' }>).arn,
    userId,
  };
}

const textTypes = /^(text\/|application\/(json|javascript|xml|[^;]*\+json|[^;]*\+xml)\s*(;|$))/i;

function isText(contentType: string | undefined, body: Buffer): boolean {
  return contentType !== undefined && textTypes.test(contentType) && isUtf8(body);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `31/Jan/2026:12:34:56 +0000`. */
function commonLogTime(nowMs: number): string {
  const [, year, month, day, time] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(new Date(nowMs).toISOString()) ?? [];
  return `${day}/${months[Number(month) - 1]}/${year}:${time} +0000`;
}
