import type { ServerResponse } from 'node:http';

/** What is copied faster than it is written beside something else. */
const maxCopiedBytes = 16 * 1024;

/**
 * Ends an answer whose `Content-Length` is set. Node.js writes a small body together with the headers only where it is
 * text: with each character a byte, it is the same bytes in one piece.
 */
export function endWith(res: ServerResponse, body: Buffer | string | undefined): void {
  if (Buffer.isBuffer(body) && body.length > 0 && body.length <= maxCopiedBytes)
    res.end(body.toString('latin1'), 'latin1');
  else res.end(body);
}
