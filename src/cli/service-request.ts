import { hash } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { canonicalRequest } from '../sigv4/canonical-request.ts';
import { algorithm, type Signature, scopeOf } from '../sigv4/signature.ts';
import { formatSignatureTime } from '../sigv4/signature-time.ts';
import { signRequest } from '../sigv4/signing-key.ts';
import type { ServiceAccess } from './service-access.ts';

export interface ServiceRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, encoded. */
  readonly rawUrl: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Aborted: the request is given up. */
  readonly signal?: AbortSignal;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request with the account's signature, and waits for the whole answer, however long that takes. */
export function sendRequest(access: ServiceAccess, request: ServiceRequest): Promise<ServiceAnswer> {
  const { method, rawUrl, body = Buffer.alloc(0), signal } = request;
  const url = new URL(access.url);
  const headers = signedHeaders(access, request, url.host, body);
  const target = { hostname: url.hostname.replace(/^\[|\]$/g, ''), port: url.port, method, path: rawUrl };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ ...target, headers, agent: false, ...(signal && { signal }) }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () =>
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', (error) => reject(explain(error, access)));
    sent.end(body);
  });
}

function signedHeaders(
  access: ServiceAccess,
  { method, rawUrl, headers: own = {} }: ServiceRequest,
  host: string,
  body: Buffer,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, region } = access;
  const nowMs = Date.now();
  const time = formatSignatureTime(nowMs);
  const headers = { ...own, host, 'x-amz-date': time };
  const signed = Object.keys(headers).sort();
  const signature: Signature = {
    carriedBy: 'header',
    accessKeyId,
    date: time.slice(0, 8),
    region,
    service: 'lambda',
    terminator: 'aws4_request',
    time,
    timeMs: nowMs,
    signedHeaders: signed,
    hex: '',
  };
  const bodySha256 = hash('sha256', body);
  const canonical = canonicalRequest(
    { method, rawUrl, headers, bodySha256, nowMs },
    { signedHeaders: signed, payloadHash: bodySha256, pathEncoding: 'twice' },
  );
  const hex = signRequest(signature, secretAccessKey, canonical!).toString('hex');
  const credential = `${accessKeyId}/${scopeOf(signature)}`;
  return {
    ...headers,
    'content-length': String(body.length),
    authorization: `${algorithm} Credential=${credential}, SignedHeaders=${signed.join(';')}, Signature=${hex}`,
  };
}

function explain(error: NodeJS.ErrnoException, { url }: ServiceAccess): Error {
  if (error.code !== 'ECONNREFUSED') return error;
  return new Error(`nothing listens at ${url}. Start the service with: thaw up`);
}
