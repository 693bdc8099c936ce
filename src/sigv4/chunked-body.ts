import { isSameSignature } from './same-signature.ts';
import type { Signature } from './signature.ts';
import { incomplete, mismatch, type SignatureProblem } from './signature-problem.ts';
import { signChunk } from './signing-key.ts';

const header = /^([0-9a-f]{1,8});chunk-signature=([0-9a-f]{64})$/i;
/** A size of 8 digits, the signature, and the line's end. */
const maxHeaderBytes = 8 + ';chunk-signature='.length + 64 + 2;

/**
 * Takes the chunks off a body sent with `Content-Encoding: aws-chunked`, verifying each: a chunk's signature covers
 * the one before it, and the first covers the request's, so none can be left out, added or moved.
 *
 * @param signature of the request, verified before.
 */
export function openChunkedBody(
  signature: Signature,
  secretAccessKey: string,
  body: Buffer,
): Buffer | SignatureProblem {
  const contents: Buffer[] = [];
  let previousHex = signature.hex;
  let at = 0;
  for (;;) {
    const lineEnd = body.subarray(at, at + maxHeaderBytes).indexOf('\r\n');
    const parts = lineEnd === -1 ? null : header.exec(body.toString('latin1', at, at + lineEnd));
    if (parts === null) return incomplete(`The aws-chunked body has no chunk header at byte ${at}.`);
    const size = Number.parseInt(parts[1]!, 16);
    const start = at + lineEnd + 2;
    const end = start + size;
    if (body.toString('latin1', end, end + 2) !== '\r\n')
      return incomplete(`The chunk at byte ${at} of the aws-chunked body does not end where it says.`);
    const chunk = body.subarray(start, end);
    if (!isSameSignature(parts[2]!, signChunk(signature, secretAccessKey, previousHex, chunk)))
      return mismatch;
    previousHex = parts[2]!;
    at = end + 2;
    if (size > 0) contents.push(chunk);
    else if (at === body.length) return Buffer.concat(contents);
    else return incomplete(`The aws-chunked body goes on after its last chunk, at byte ${at}.`);
  }
}
