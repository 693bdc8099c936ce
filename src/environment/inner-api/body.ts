import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** More than the limit; the rest was read and counted, not kept. */
  | { readonly kind: 'tooLarge'; readonly length: number }
  /** The connection ended before the body did. */
  | { readonly kind: 'truncated' };

/** Reads a request body, keeping at most `limit` bytes. Never rejects. */
export function readBody(req: IncomingMessage, limit: number): Promise<Body> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let length = 0;
    req.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else chunks = [];
    });
    req.on('end', () => {
      if (length > limit) resolve({ kind: 'tooLarge', length });
      else resolve({ kind: 'whole', bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) });
    });
    req.on('error', () => resolve({ kind: 'truncated' }));
    req.on('close', () => resolve({ kind: 'truncated' }));
  });
}
