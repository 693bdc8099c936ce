import { createHash, type Hash, hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { maxDiscardedBytes } from '../domain/limits.ts';
import type { BodyBudget } from './body-pool.ts';

export type RequestBody =
  /** `sha256` is of the bytes as received: 64 lower-case hex digits. */
  | { readonly kind: 'whole'; readonly bytes: Buffer; readonly sha256: string }
  /** More than the limit. `length` is what was announced or arrived. */
  | { readonly kind: 'too-large'; readonly length: number }
  /** All bodies together are more than is held at one time. */
  | { readonly kind: 'no-room' }
  /** The connection ended before the body did. */
  | { readonly kind: 'gone' };

const none: RequestBody = {
  kind: 'whole',
  bytes: Buffer.alloc(0),
  sha256: hash('sha256', ''),
};

/** Bytes the headers announce; undefined of a chunked body. */
export function announcedLength(req: IncomingMessage): number | undefined {
  if (req.headers['transfer-encoding'] !== undefined) return undefined;
  return Number(req.headers['content-length'] ?? 0);
}

/**
 * Reads a request's body, keeping at most `limit` bytes and hashing them on the way. What is too much is read on and
 * thrown away, up to a bound: a client that is still sending would not see an answer. Never rejects.
 */
export function readRequestBody(
  req: IncomingMessage,
  limit: number,
  budget: BodyBudget,
): Promise<RequestBody> {
  if (announcedLength(req) === 0) return Promise.resolve(none);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let digest: Hash | undefined;
    let length = 0;
    let refusal: 'too-large' | 'no-room' | undefined;
    const refused = (): RequestBody =>
      refusal === 'no-room'
        ? { kind: 'no-room' }
        : { kind: 'too-large', length: Math.max(length, announcedLength(req) ?? 0) };
    req.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (refusal === undefined && length > limit) refusal = 'too-large';
      if (refusal === undefined && !budget.take(chunk.length)) refusal = 'no-room';
      if (refusal !== undefined) {
        chunks.length = 0;
        if (length > limit + maxDiscardedBytes) resolve(refused());
        return;
      }
      // One chunk, the usual case, is hashed in one go.
      if (chunks.length === 1) digest = createHash('sha256').update(chunks[0]!);
      digest?.update(chunk);
      chunks.push(chunk);
    });
    req.on('end', () => {
      if (refusal !== undefined) return resolve(refused());
      const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      resolve({ kind: 'whole', bytes, sha256: digest?.digest('hex') ?? hash('sha256', bytes) });
    });
    req.on('error', () => resolve({ kind: 'gone' }));
    req.on('close', () => resolve({ kind: 'gone' }));
  });
}
