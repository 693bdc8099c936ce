/** Why a signature is refused, in AWS's words. */
export interface SignatureProblem {
  readonly type: SignatureProblemType;
  /** Of the HTTP answer. */
  readonly status: 400 | 403;
  readonly message: string;
}

export type SignatureProblemType =
  | 'ExpiredTokenException'
  | 'IncompleteSignatureException'
  | 'InvalidSignatureException'
  | 'MissingAuthenticationTokenException'
  | 'UnrecognizedClientException';

export const missingToken: SignatureProblem = {
  type: 'MissingAuthenticationTokenException',
  status: 403,
  message: 'Missing Authentication Token',
};

export function incomplete(message: string): SignatureProblem {
  return { type: 'IncompleteSignatureException', status: 400, message };
}

export function invalid(message: string): SignatureProblem {
  return { type: 'InvalidSignatureException', status: 403, message };
}

export const mismatch = invalid(
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
);

export function isProblem<T extends object>(value: T | SignatureProblem): value is SignatureProblem {
  return 'status' in value && 'type' in value;
}
