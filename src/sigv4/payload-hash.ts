import { decodeComponent } from './component-encoding.ts';
import type { Signature } from './signature.ts';
import { incomplete, invalid, type SignatureProblem } from './signature-problem.ts';
import { headerOf, type SignedRequest, splitUrl } from './signed-request.ts';

export const chunkedPayload = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';

/**
 * What stands for the body in the canonical request. A hash that was declared must be the body's own; a word in its
 * place leaves the body unsigned, which S3 alone allows.
 */
export function payloadHashOf(
  signature: Signature,
  request: SignedRequest,
): { readonly hash: string } | SignatureProblem {
  const declared = headerOf(request, 'x-amz-content-sha256') ?? hoisted(signature, request.rawUrl);
  if (declared === undefined) return { hash: request.bodySha256 };
  // The body is then signed piece by piece, which `openChunkedBody` verifies.
  if (declared === chunkedPayload && request.bodySha256 === chunkedPayload) return { hash: declared };
  if (declared === chunkedPayload)
    return incomplete(`${chunkedPayload} needs a body with "Content-Encoding: aws-chunked".`);
  if (declared === 'UNSIGNED-PAYLOAD' && signature.service === 's3') return { hash: declared };
  if (declared === 'UNSIGNED-PAYLOAD' || declared.startsWith('STREAMING-'))
    return invalid(
      `The body must be signed: x-amz-content-sha256 '${declared.slice(0, 64)}' is not accepted.`,
    );
  return declared === request.bodySha256
    ? { hash: declared }
    : invalid("The provided 'x-amz-content-sha256' header does not match what was computed.");
}

/** Signers of URLs may move the header into the query. */
function hoisted(signature: Signature, rawUrl: string): string | undefined {
  if (signature.carriedBy === 'header') return undefined;
  const found = /(?:^|&)x-amz-content-sha256=([^&]*)/i.exec(splitUrl(rawUrl).query);
  return found === null ? undefined : decodeComponent(found[1]!);
}
