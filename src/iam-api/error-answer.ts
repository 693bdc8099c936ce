import { AuthenticationError } from '../iam/authentication-error.ts';
import { IamError, type IamErrorCode } from '../iam/iam-error.ts';
import { MalformedPolicy } from '../iam/policy/malformed-policy.ts';
import type { SignatureProblemType } from '../sigv4/signature-problem.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { QueryService } from './services.ts';
import { toXml } from './xml.ts';

const statuses: Readonly<Record<IamErrorCode, number>> = {
  AccessDenied: 403,
  DeleteConflict: 409,
  EntityAlreadyExists: 409,
  InvalidAction: 400,
  InvalidInput: 400,
  LimitExceeded: 409,
  MalformedPolicyDocument: 400,
  MalformedQueryString: 400,
  NoSuchEntity: 404,
  NoSuchVersion: 400,
  RequestEntityTooLarge: 413,
  ValidationError: 400,
};

/** The query protocol has other names for what is wrong with a signature. */
const authenticationCodes: Readonly<Record<SignatureProblemType, string>> = {
  ExpiredTokenException: 'ExpiredToken',
  IncompleteSignatureException: 'IncompleteSignature',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  UnrecognizedClientException: 'InvalidClientTokenId',
};

/** @returns undefined for an error that is not the caller's. */
export function errorAnswer(
  error: unknown,
  service: QueryService,
  requestId: string,
): HttpAnswer | undefined {
  const known = toCode(error);
  if (known === undefined) return undefined;
  return {
    status: known.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: toXml('ErrorResponse', service.namespace, {
      Error: { Type: 'Sender', Code: known.code, Message: (error as Error).message },
      RequestId: requestId,
    }),
  };
}

function toCode(error: unknown): { code: string; status: number } | undefined {
  if (error instanceof IamError) return { code: error.code, status: statuses[error.code] };
  if (error instanceof MalformedPolicy) return { code: 'MalformedPolicyDocument', status: 400 };
  if (error instanceof AuthenticationError)
    return { code: authenticationCodes[error.type], status: error.status };
  return undefined;
}
