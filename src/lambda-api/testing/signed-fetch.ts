import { createHash, createHmac } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { StartedServer } from './started-server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Signing {
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the account's keys. */
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** The one it is signed for; default `lambda`. */
  readonly service?: string;
}

/** Headers of a request, signed by AWS's own signer. */
export async function signedHeaders(
  { identity, port }: StartedServer,
  method: string,
  pathAndQuery: string,
  body: string | Buffer = '',
  { headers, credentials = identity.accountKeys, service = 'lambda' }: Signing = {},
): Promise<Record<string, string>> {
  const signer = new SignatureV4({ service, region: 'us-east-1', credentials, sha256: Sha256 });
  const url = new URL(`http://127.0.0.1:${port}${pathAndQuery}`);
  const query = [...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key)]);
  const signed = await signer.sign({
    method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    port,
    path: url.pathname,
    query: Object.fromEntries(query),
    headers: { host: `127.0.0.1:${port}`, ...headers },
    body,
  });
  return signed.headers;
}

/** One request on a connection of its own. */
export async function signedFetch(
  started: StartedServer,
  method: string,
  path: string,
  body: string | Buffer = '',
  signing: Signing = {},
): Promise<Answer> {
  const signed = await signedHeaders(started, method, path, body, signing);
  const headers = { ...signed, 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const req = request({ port: started.port, host: '127.0.0.1', method, path, headers, agent: false });
    req.on('error', reject);
    req.on('response', (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    if (signed.expect === undefined) req.end(body);
    else req.on('continue', () => req.end(body)).flushHeaders();
  });
}

/** What the signer wants of a hash. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }

  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}
