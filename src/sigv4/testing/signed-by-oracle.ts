import { hash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SignedRequest } from '../signed-request.ts';
import { NodeSha256 } from './node-sha256.ts';

export const oracleKeys = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
export const signedAtMs = Date.UTC(2026, 0, 31, 12, 34, 56);

export interface PlainRequest {
  readonly method: string;
  /** Decoded; each is encoded as SDKs do. */
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, string | string[]>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface OracleOptions {
  readonly service?: string;
  readonly sessionToken?: string;
  /** False leaves out `x-amz-content-sha256`. */
  readonly applyChecksum?: boolean;
  /** Given, the URL is presigned for so many seconds. */
  readonly expiresS?: number;
}

/** The request as a server receives it, signed by the SDKs' own signer. */
export async function signedByOracle(
  plain: PlainRequest,
  options: OracleOptions = {},
): Promise<SignedRequest> {
  const { service = 'lambda', sessionToken, applyChecksum = true, expiresS } = options;
  const signer = new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: { ...oracleKeys, ...(sessionToken !== undefined && { sessionToken }) },
    sha256: NodeSha256,
    uriEscapePath: service !== 's3',
    applyChecksum,
  });
  const request = {
    method: plain.method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: `/${plain.segments.map(encode).join('/')}`,
    query: { ...plain.query },
    headers: { host: '127.0.0.1:4574', ...plain.headers },
    body: plain.body,
  };
  const signingDate = new Date(signedAtMs);
  const signed =
    expiresS === undefined
      ? await signer.sign(request, { signingDate })
      : await signer.presign(request, { signingDate, expiresIn: expiresS });
  const pairs = Object.entries(signed.query ?? {}).flatMap(([name, values]) =>
    [values ?? []].flat().map((value) => `${encode(name)}=${encode(value)}`),
  );
  return {
    method: plain.method,
    // Reversed: the order parameters are sent in does not count.
    rawUrl: signed.path + (pairs.length > 0 ? `?${pairs.reverse().join('&')}` : ''),
    headers: signed.headers,
    bodySha256: hash('sha256', plain.body, 'hex'),
    nowMs: signedAtMs,
  };
}

/** As SDKs write a piece of a URL. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
