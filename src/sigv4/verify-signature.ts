import { canonicalRequest } from './canonical-request.ts';
import { checkScope, type ExpectedScope } from './check-scope.ts';
import { checkTime } from './check-time.ts';
import { payloadHashOf } from './payload-hash.ts';
import { isSameSignature } from './same-signature.ts';
import type { Signature } from './signature.ts';
import { invalid, isProblem, mismatch, type SignatureProblem } from './signature-problem.ts';
import type { SignedRequest } from './signed-request.ts';
import { signRequest } from './signing-key.ts';

/** @returns why the request is not what the owner of the secret signed; undefined when it is. */
export function verifySignature(
  signature: Signature,
  request: SignedRequest,
  secretAccessKey: string,
  expected: ExpectedScope,
): SignatureProblem | undefined {
  const early =
    checkScope(signature, expected) ??
    checkTime(signature, request.nowMs) ??
    checkSignedHeaders(signature, request);
  if (early !== undefined) return early;
  const payload = payloadHashOf(signature, request);
  if (isProblem(payload)) return payload;
  const canonical = canonicalRequest(request, {
    signedHeaders: signature.signedHeaders,
    payloadHash: payload.hash,
    pathEncoding: signature.service === 's3' ? 'once' : 'twice',
  });
  if (canonical === undefined) return mismatch;
  return isSameSignature(signature.hex, signRequest(signature, secretAccessKey, canonical))
    ? undefined
    : mismatch;
}

/** Host says whom a request was meant for; what `x-amz-*` headers say must come from the signer. */
function checkSignedHeaders(signature: Signature, request: SignedRequest): SignatureProblem | undefined {
  if (!signature.signedHeaders.includes('host'))
    return invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-amz-') && !signature.signedHeaders.includes(name),
  );
  return unsigned.length === 0
    ? undefined
    : invalid(
        `There were headers present in the request which were not signed: ${unsigned.join(', ').slice(0, 512)}`,
      );
}
