import type { IncomingHttpHeaders } from 'node:http';

/** What of a request a signature covers, as it was received. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, not decoded. */
  readonly rawUrl: string;
  readonly headers: IncomingHttpHeaders;
  /**
   * Of the body as it was received, before any decoding: 64 lower-case hex digits. `chunkedPayload` for a body whose
   * chunks are signed, by those alone who then open it with `openChunkedBody`.
   */
  readonly bodySha256: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** @returns the header's value; undefined where it is absent or, against the rules, not one text. */
export function headerOf(request: Pick<SignedRequest, 'headers'>, name: string): string | undefined {
  const value: unknown = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** @returns path and query (without its `?`) of a request target, neither decoded. */
export function splitUrl(rawUrl: string): { path: string; query: string } {
  const at = rawUrl.indexOf('?');
  return at === -1 ? { path: rawUrl, query: '' } : { path: rawUrl.slice(0, at), query: rawUrl.slice(at + 1) };
}
