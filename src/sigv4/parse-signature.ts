import { parseHeaderSignature } from './parse-header-signature.ts';
import { parseQuerySignature, queryCarriesSignature } from './parse-query-signature.ts';
import type { Signature } from './signature.ts';
import { incomplete, missingToken, type SignatureProblem } from './signature-problem.ts';
import type { SignedRequest } from './signed-request.ts';

type Carrier = Pick<SignedRequest, 'rawUrl' | 'headers'>;

/** Reads the signature from the Authorization header or from the query of a presigned URL. Verifies nothing. */
export function parseSignature(request: Carrier): Signature | SignatureProblem {
  const inHeader = request.headers.authorization !== undefined;
  const inQuery = queryCarriesSignature(request.rawUrl);
  if (inHeader && inQuery)
    return incomplete(
      'A request carries one signature, in the Authorization header or in the query string; this one has both.',
    );
  if (inHeader) return parseHeaderSignature(request);
  return inQuery ? parseQuerySignature(request) : missingToken;
}
