import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../foundation/clock.ts';
import { answerJson } from './answer-json.ts';

/** How long a URL holds; as on AWS. */
const lifeMs = 10 * 60 * 1000;

export interface PackageDownloadsParts {
  /** Of whoever may make URLs; they hold across restarts. */
  readonly secret: string;
  /** Path the URLs begin with, a slash at its end. */
  readonly prefix: string;
  /** The file of a package. @throws where there is none. */
  readonly archive: (digest: string) => { readonly path: string; readonly size: number };
  readonly clock: Clock;
}

/** Deployment packages and layers under URLs that open one of them, for a while, to whoever has the URL. */
export class PackageDownloads {
  readonly #parts: PackageDownloadsParts;
  readonly #key: Buffer;

  constructor(parts: PackageDownloadsParts) {
    this.#parts = parts;
    this.#key = Buffer.from(hkdfSync('sha256', parts.secret, '', 'thaw package downloads', 32));
  }

  /** @param digest 64 hex digits. @param host as the caller reached the service: name and port. */
  url(digest: string, host: string): string {
    const expires = Math.floor((this.#parts.clock() + lifeMs) / 1000);
    const signature = this.#sign(digest, String(expires)).toString('hex');
    return `http://${host}${this.#parts.prefix}${digest}?Expires=${expires}&Signature=${signature}`;
  }

  async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '', 'http://thaw');
    const digest = url.pathname.slice(this.#parts.prefix.length);
    if (req.method !== 'GET' && req.method !== 'HEAD')
      return answerJson(res, 405, { message: 'Packages can be fetched, with GET, and nothing else.' });
    const refusal = this.#refusal(digest, url.searchParams);
    if (refusal !== undefined) return answerJson(res, 403, { message: refusal });
    let archive: { readonly path: string; readonly size: number };
    try {
      archive = this.#parts.archive(digest);
    } catch {
      return answerJson(res, 404, { message: `There is no package ${digest} any more.` });
    }
    res.writeHead(200, { 'Content-Type': 'application/zip', 'Content-Length': archive.size });
    if (req.method === 'HEAD') {
      res.end();
      return;
    }
    // Whoever stops reading, or a package that goes meanwhile, ends the connection short of the announced length.
    await pipeline(createReadStream(archive.path), res).catch(() => res.destroy());
  }

  #refusal(digest: string, query: URLSearchParams): string | undefined {
    const expires = query.get('Expires') ?? '';
    const signature = query.get('Signature') ?? '';
    const isSigned =
      /^[0-9a-f]{64}$/.test(signature) &&
      timingSafeEqual(Buffer.from(signature, 'hex'), this.#sign(digest, expires));
    if (!isSigned) return 'This is not a URL that the service made. Ask for a new one with GetFunction.';
    if (this.#parts.clock() < Number(expires) * 1000) return undefined;
    return 'This URL has expired. Ask for a new one with GetFunction.';
  }

  #sign(digest: string, expires: string): Buffer {
    return createHmac('sha256', this.#key).update(`${digest}\n${expires}`).digest();
  }
}
