import { SignatureV4 } from '@smithy/signature-v4';
import { NodeSha256 } from '../../src/sigv4/testing/node-sha256.ts';

export interface AccountKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface UnsignedRequest {
  readonly method: string;
  /** `127.0.0.1:4574`. */
  readonly host: string;
  /** Path and query as they are sent. */
  readonly rawUrl: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * The headers that send a request with its signature, made by the signer of AWS's SDKs.
 *
 * @throws URIError where the query cannot be decoded: what an SDK cannot mean, it cannot sign.
 */
export async function signedHeaders(
  credentials: AccountKeys,
  { method, host, rawUrl, headers = {}, body }: UnsignedRequest,
  signingDate = new Date(),
): Promise<Record<string, string>> {
  const [path = '', search = ''] = split(rawUrl);
  const query: Record<string, string[]> = {};
  for (const pair of search.split('&').filter((text) => text !== '')) {
    const [name = '', value = ''] = split(pair, '=').map(decodeURIComponent);
    query[name] = [...(query[name] ?? []), value];
  }
  const signer = new SignatureV4({ service: 'lambda', region: 'us-east-1', credentials, sha256: NodeSha256 });
  const request = {
    method,
    protocol: 'http:',
    hostname: host,
    path,
    query,
    headers: { host, ...headers },
    body,
  };
  const signed = await signer.sign(request, { signingDate });
  return { ...signed.headers, 'content-length': String(body.length) };
}

/** In two, where the separator first stands. */
function split(text: string, separator = '?'): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
